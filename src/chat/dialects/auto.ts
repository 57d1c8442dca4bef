import {
  countSpace,
  type Dialect,
  type DialectFactory,
  type DialectOptions,
  MAX_HELD_CHARS,
  type SegmentSink,
} from './dialect.js';
import { CHANNEL, MESSAGE, RECIPIENT, START } from './harmony/harmony-markers.js';
import { harmonyDialect } from './harmony/harmony.js';
import { createMarkerScanner, type Expectation } from './marker-scanner.js';
import { createPlainDialect } from './plain.js';
import { AUTO_PRESETS, TAG_PRESETS } from './tag/presets.js';
import { tagDialect } from './tag/tag.js';

/** Dialects by the marker that gives each away at the start of a message. */
const dialectOf = new Map<string, DialectFactory>();
for (const name of AUTO_PRESETS) {
  const preset = TAG_PRESETS[name];
  const dialect = tagDialect(preset, name);
  for (const marker of [preset.open, ...preset.contentOpen]) dialectOf.set(marker, dialect);
}
// A text that merely begins like a recipient is no harmony: it stays text.
const harmony = harmonyDialect('text');
// A recipient stands, with a space before it, where a prompt left off in `<|start|>assistant`.
for (const marker of [CHANNEL, START, MESSAGE, RECIPIENT]) dialectOf.set(marker, harmony);

/** What a message must begin with to be read as anything but content. */
export const AUTO_MARKERS: readonly string[] = [...dialectOf.keys()];

const beginnings = createMarkerScanner(AUTO_MARKERS);

/**
 * Finds out by the first marker, behind white space, which dialect a message is written in; a
 * message that begins with anything else is content and passes unread.
 */
export function autoDialect(): DialectFactory {
  return createAutoReader;
}

function createAutoReader(sink: SegmentSink, options: DialectOptions): Dialect {
  let chosen: Dialect | null = null;
  let held = '';
  let spaceSeen = 0;

  function choose(dialect: Dialect): void {
    chosen = dialect;
    const text = held;
    held = '';
    if (text !== '') dialect.feed(text);
  }

  function look(expect: Expectation): void {
    const space = countSpace(held, 0);
    const isOverlong = spaceSeen + space > MAX_HELD_CHARS;
    const place = isOverlong ? null : beginnings.at(held, space, expect);
    if (place?.marker != null) {
      release(place.marker === RECIPIENT ? spaceBeforeRecipient(space) : space);
      const create = dialectOf.get(place.marker);
      choose(create === undefined ? createPlainDialect(sink) : create(sink, options));
    } else if (expect === 'nothing' || isOverlong || (place === null && space < held.length)) {
      choose(createPlainDialect(sink));
    } else {
      release(spaceBeforeRecipient(space));
    }
  }

  /** All of the space but the one character that belongs to the recipient it stands before. */
  function spaceBeforeRecipient(space: number): number {
    return held.charAt(space - 1) === ' ' ? space - 1 : space;
  }

  /** Lets leading space go at once where it shows in either case, however the text was cut. */
  function release(space: number): void {
    if (options.leadingSpace === 'hold' || space === 0) return;
    spaceSeen += space;
    sink.content(held.slice(0, space));
    held = held.slice(space);
  }

  return {
    name: () => chosen?.name() ?? 'none',
    feed(text) {
      if (chosen !== null) {
        chosen.feed(text);
        return;
      }
      held += text;
      look('more');
    },
    interrupt() {
      if (chosen === null) look('nothing');
      chosen?.interrupt();
    },
    end() {
      if (chosen === null) look('nothing');
      chosen?.end();
    },
    reasoningSeenElsewhere() {
      chosen?.reasoningSeenElsewhere();
    },
    glance: (text) => chosen?.glance(text) ?? null,
    mayEndBlock: (text) => chosen?.mayEndBlock(text) ?? false,
    isSettled: () => chosen?.isSettled() ?? false,
    heldLength: () => held.length + (chosen?.heldLength() ?? 0),
  };
}
