import { type TagDialectConfig } from '../../config/tag-dialect.js';
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
import { placeBehindSpace, prepareScanners, type TagScanners } from './tag-scanners.js';

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
  const { openers, enders, answer } = scanners;
  const canReleaseSpace =
    options.leadingSpace === 'release' &&
    !openers.mayBeginWithSpace &&
    answer?.mayBeginWithSpace !== true;

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

  function readStart(expect: Expectation): Step {
    const space = countSpace(held, 0);
    if (spaceSeen + space > MAX_HELD_CHARS) return leaveStart();
    const place = placeBehindSpace(openers, held, space, expect);
    if (place === null && space === held.length && expect === 'more') {
      // A message that begins inside a block holds its white space too: it belongs behind the tag.
      if (canReleaseSpace && !beginsOpen) {
        spaceSeen += space;
        sink.content(take(space));
      }
      return 'waits';
    }
    if (place === null) return leaveStart();
    if (place.marker === null) return 'waits';
    const isBlock = place.marker === config.open;
    if (place.at > 0) {
      if (isBlock) sink.space(take(place.at));
      else sink.content(take(place.at));
    }
    sink.markup(take(place.marker.length));
    state = isBlock ? 'label' : 'content';
    return 'moved';
  }

  function leaveStart(): Step {
    state = beginsOpen ? 'label' : 'content';
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

  /** Takes the white space right behind a marker, but for what the next marker begins with. */
  function readSpace(next: 'reasoning' | 'content', expect: Expectation): Step {
    const part = next === 'reasoning' ? enders : answer;
    const space = countSpace(held, 0);
    const place = part === null ? null : placeBehindSpace(part, held, space, expect);
    const length = place?.at ?? space;
    if (length > 0) sink.space(take(length));
    if (held === '' || (place !== null && place.marker === null)) return 'waits';
    state = next;
    return 'moved';
  }

  function readReasoning(expect: Expectation): Step {
    const place = enders.markers.find(held, 0, expect);
    const text = take(place?.at ?? held.length);
    if (text !== '') sink.reasoning(text);
    if (place?.marker == null) return 'waits';
    if (place.marker === config.close) {
      sink.markup(take(place.marker.length));
      closeBlock('marker');
      state = config.trim === 'lead' ? 'after-close' : 'content';
    } else {
      closeBlock('tool');
      sink.content(take(place.marker.length));
      state = 'content';
    }
    return 'moved';
  }

  function readContent(expect: Expectation): Step {
    const place = answer?.markers.find(held, 0, expect) ?? null;
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
        return readSpace('reasoning', expect);
      case 'reasoning':
        return readReasoning(expect);
      case 'after-close':
        return readSpace('content', expect);
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
      if (state === 'content' && answer === null) {
        sink.content(text);
        return;
      }
      held += text;
      while (step('more') === 'moved' && (held !== '' || state === 'label'));
    },
    interrupt() {
      finish('tool');
      beginsOpen = false;
      state = 'content';
    },
    end() {
      finish('end');
    },
    reasoningSeenElsewhere() {
      if (state === 'start') beginsOpen = false;
    },
    glance(text) {
      if (held !== '') return null;
      if (state === 'reasoning') return enders.markers.isAbsentFrom(text) ? 'reasoning' : null;
      if (state !== 'content') return null;
      return answer === null || answer.markers.isAbsentFrom(text) ? 'content' : null;
    },
    isSettled: () => state === 'content' && answer === null,
    heldLength: () => held.length,
  };
}
