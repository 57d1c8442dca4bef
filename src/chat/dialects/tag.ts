import { type TagDialectConfig } from '../../config/sluice-config.js';
import {
  type BlockEnd,
  countSpace,
  type Dialect,
  type DialectFactory,
  type DialectOptions,
  MAX_HELD_CHARS,
  type SegmentSink,
} from './dialect.js';
import { type Expectation, isBegun } from './marker-scanner.js';
import { prepareScanners, type TagScanners } from './tag-scanners.js';

/**
 * `start`: only white space so far. `label`, `after-open`: right behind an open marker.
 * `reasoning`: in a block. `after-close`: right behind its end. `content`: in the answer.
 */
type State = 'start' | 'label' | 'after-open' | 'reasoning' | 'after-close' | 'content';

/** Whether a step got any further, or needs more text. */
type Step = 'moved' | 'waits';

interface PreparedTags {
  readonly config: TagDialectConfig;
  readonly name: string;
  readonly scanners: TagScanners;
}

/**
 * Reads reasoning that stands between two markers, as `config` says. The markers are prepared
 * once, for all messages.
 */
export function tagDialect(config: TagDialectConfig, name = 'custom'): DialectFactory {
  const scanners = prepareScanners(config);
  return (sink, options) => createTagReader({ config, name, scanners }, sink, options);
}

function createTagReader(
  { config, name, scanners }: PreparedTags,
  sink: SegmentSink,
  options: DialectOptions,
): Dialect {
  let state: State = 'start';
  let held = '';
  let isOpen = false;
  let beginsOpen = config.implicitOpen;
  let spaceSeen = 0;
  let inAnswer = scanners.answer;

  function take(length: number): string {
    const text = held.slice(0, length);
    held = held.slice(length);
    return text;
  }

  function openBlock(): void {
    isOpen = true;
    sink.open();
  }

  function closeBlock(cause: BlockEnd): void {
    if (!isOpen) return;
    isOpen = false;
    sink.close(cause);
  }

  function enterReasoning(): void {
    openBlock();
    state = config.trim === 'lead' ? 'after-open' : 'reasoning';
  }

  function enterAnswer(wrapping: 'wrapped' | 'unwrapped'): void {
    if (wrapping === 'wrapped') inAnswer = scanners.wrappedAnswer;
    state = 'content';
  }

  function readStart(expect: Expectation): Step {
    const space = countSpace(held, 0);
    if (spaceSeen + space > MAX_HELD_CHARS) return leaveStart();
    if (space === held.length) {
      if (expect === 'nothing') return leaveStart();
      // A message that begins inside a block holds its white space too: it belongs behind the tag.
      if (options.leadingSpace === 'release' && !beginsOpen) {
        spaceSeen += space;
        sink.content(take(space));
      }
      return 'waits';
    }
    const place = scanners.openers.at(held, space, expect);
    if (place === null) return leaveStart();
    if (place.marker === null) return 'waits';
    const isBlock = place.marker === config.open;
    if (space > 0) {
      if (isBlock) sink.space(take(space));
      else sink.content(take(space));
    }
    sink.markup(take(place.marker.length));
    if (isBlock) state = 'label';
    else enterAnswer('wrapped');
    return 'moved';
  }

  function leaveStart(): Step {
    if (beginsOpen) enterReasoning();
    else enterAnswer('unwrapped');
    return 'moved';
  }

  function readLabel(expect: Expectation): Step {
    if (held === '' && expect === 'more' && config.openLabel !== '') return 'waits';
    if (expect === 'more' && isBegun(config.openLabel, held, 0)) return 'waits';
    if (config.openLabel !== '' && held.startsWith(config.openLabel)) {
      sink.markup(take(config.openLabel.length));
    }
    enterReasoning();
    return 'moved';
  }

  function readSpace(next: State): Step {
    const space = countSpace(held, 0);
    if (space > 0) sink.space(take(space));
    if (held === '') return 'waits';
    state = next;
    return 'moved';
  }

  function readReasoning(expect: Expectation): Step {
    const place = scanners.enders.find(held, 0, expect);
    const text = take(place?.at ?? held.length);
    if (text !== '') sink.reasoning(text);
    if (place?.marker == null) return 'waits';
    if (place.marker === config.close) {
      sink.markup(take(place.marker.length));
      closeBlock('marker');
      state = 'after-close';
    } else {
      closeBlock('tool');
      sink.content(take(place.marker.length));
      enterAnswer('unwrapped');
    }
    return 'moved';
  }

  function readAfterClose(expect: Expectation): Step {
    if (config.trim === 'lead' && readSpace('after-close') === 'waits') return 'waits';
    if (config.contentOpen.length > 0) {
      if (held === '' && expect === 'more') return 'waits';
      const place = scanners.answerOpeners.at(held, 0, expect);
      if (place !== null) {
        if (place.marker === null) return 'waits';
        sink.markup(take(place.marker.length));
      }
    }
    enterAnswer('wrapped');
    return 'moved';
  }

  function readContent(expect: Expectation): Step {
    const place = inAnswer?.find(held, 0, expect) ?? null;
    const text = take(place?.at ?? held.length);
    if (text !== '') sink.content(text);
    if (place?.marker == null) return 'waits';
    sink.markup(take(place.marker.length));
    if (place.marker === config.open && config.scope === 'anywhere') state = 'label';
    return 'moved';
  }

  function step(expect: Expectation): Step {
    switch (state) {
      case 'start':
        return readStart(expect);
      case 'label':
        return readLabel(expect);
      case 'after-open':
        return readSpace('reasoning');
      case 'reasoning':
        return readReasoning(expect);
      case 'after-close':
        return readAfterClose(expect);
      case 'content':
        return readContent(expect);
    }
  }

  function finish(cause: BlockEnd): void {
    while ((held !== '' || state === 'label') && step('nothing') === 'moved');
    closeBlock(cause);
  }

  return {
    name: () => name,
    feed(text) {
      if (state === 'content' && inAnswer === null) {
        sink.content(text);
        return;
      }
      held += text;
      while (step('more') === 'moved' && (held !== '' || state === 'label'));
    },
    interrupt() {
      finish('tool');
      beginsOpen = false;
      if (state !== 'content') enterAnswer('unwrapped');
    },
    end() {
      finish('end');
    },
    reasoningSeenElsewhere() {
      if (state === 'start') beginsOpen = false;
    },
    glance(text) {
      if (held !== '') return null;
      if (state === 'reasoning') return scanners.enders.isAbsentFrom(text) ? 'reasoning' : null;
      if (state !== 'content') return null;
      return inAnswer === null || inAnswer.isAbsentFrom(text) ? 'content' : null;
    },
    isSettled: () => state === 'content' && inAnswer === null,
    heldLength: () => held.length,
  };
}
