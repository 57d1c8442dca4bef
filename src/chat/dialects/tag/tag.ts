import { type TagDialectConfig } from '../../../config/typed/tag-dialect.js';
import {
  type BlockEnd,
  countSpace,
  type Dialect,
  type DialectFactory,
  type DialectOptions,
  MAX_HELD_CHARS,
  type SegmentSink,
} from '../dialect.js';
import { type Expectation, isBegun } from '../marker-scanner.js';
import { UnreadText } from '../unread-text.js';
import {
  mayBeginWithSpace,
  placeBehindSpace,
  prepareScanners,
  type TagScanners,
} from './tag-scanners.js';

/**
 * `start`: only white space so far. `label`, `after-open`: right behind an open marker.
 * `reasoning`: in a block. `after-close`: right behind its end. `content`: in the answer.
 */
type State = 'start' | 'label' | 'after-open' | 'reasoning' | 'after-close' | 'content';

/** Whether a step got any further, or needs more text. */
type Step = 'moved' | 'waits';

/** Markers are prepared once, for all messages. */
interface PreparedTags {
  readonly config: TagDialectConfig;
  readonly name: string;
  readonly scanners: TagScanners;
}

/** Reads reasoning that stands between two markers, as `config` says. */
export function tagDialect(config: TagDialectConfig, name = 'custom'): DialectFactory {
  const tags: PreparedTags = { config, name, scanners: prepareScanners(config) };
  return (sink, options) => new TagReader(tags, sink, options);
}

/**
 * What moves it:
 *
 * ```
 *        open marker, or any text where it begins open
 * start ------------------------------> label --> after-open --> reasoning
 *   |                                     ^                          |
 *   | other text, or                      | open marker, where       | close marker, or
 *   v a marker of content                 | `scope` is `anywhere`    v one of a tool
 * content --------------------------------+                     after-close
 *   ^                                                                |
 *   +----------------------------------------------------------------+
 * ```
 *
 * `after-open` and `after-close` are left out where `trim` is `none`; so is `after-close` behind the
 * marker of a tool. `interrupt` leads to `content` from anywhere.
 */
class TagReader implements Dialect {
  readonly #config: TagDialectConfig;
  readonly #scanners: TagScanners;
  readonly #releasesSpace: boolean;
  #state: State = 'start';
  readonly #held = new UnreadText();
  #isOpen = false;
  #beginsOpen: boolean;
  #spaceSeen = 0;

  constructor(
    private readonly tags: PreparedTags,
    private readonly sink: SegmentSink,
    { leadingSpace }: DialectOptions,
  ) {
    this.#config = tags.config;
    this.#scanners = tags.scanners;
    this.#beginsOpen = tags.config.implicitOpen;
    this.#releasesSpace = leadingSpace === 'release' && !mayBeginWithSpace(tags.scanners);
  }

  name(): string {
    return this.tags.name;
  }

  feed(text: string): void {
    if (this.isSettled()) {
      this.sink.content(text);
      return;
    }
    this.#held.add(text);
    while (this.#step('more') === 'moved' && this.#hasMore());
  }

  interrupt(): void {
    this.#finish('tool');
    this.#beginsOpen = false;
    this.#state = 'content';
  }

  end(): void {
    this.#finish('end');
  }

  reasoningSeenElsewhere(): void {
    if (this.#state === 'start') this.#beginsOpen = false;
  }

  glance(text: string): 'reasoning' | 'content' | null {
    if (!this.#held.isEmpty) return null;
    const { enders, answer } = this.#scanners;
    if (this.#state === 'reasoning') {
      return enders.markers.isAbsentFrom(text) ? 'reasoning' : null;
    }
    if (this.#state !== 'content') return null;
    return answer === null || answer.markers.isAbsentFrom(text) ? 'content' : null;
  }

  mayEndBlock(text: string): boolean {
    const space = countSpace(text, 0);
    const { enders } = this.#scanners;
    return space === text.length || placeBehindSpace(enders, text, space, 'more') !== null;
  }

  isSettled(): boolean {
    return this.#state === 'content' && this.#scanners.answer === null;
  }

  heldLength(): number {
    return this.#held.text.length;
  }

  #enterReasoning(): void {
    this.#isOpen = true;
    this.sink.open();
    this.#state = this.#config.trim === 'lead' ? 'after-open' : 'reasoning';
  }

  #closeBlock(cause: BlockEnd): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.sink.close(cause);
  }

  #readStart(expect: Expectation): Step {
    const space = countSpace(this.#held.text, 0);
    if (this.#spaceSeen + space > MAX_HELD_CHARS) return this.#leaveStart();
    const place = placeBehindSpace(this.#scanners.openers, this.#held.text, space, expect);
    if (place === null && space === this.#held.text.length && expect === 'more') {
      // A message that begins inside a block holds its white space too: it belongs behind the tag.
      if (this.#releasesSpace && !this.#beginsOpen) {
        this.#spaceSeen += space;
        this.sink.content(this.#held.take(space));
      }
      return 'waits';
    }
    if (place === null) return this.#leaveStart();
    if (place.marker === null) return 'waits';
    const isBlock = place.marker === this.#config.open;
    if (place.at > 0) {
      if (isBlock) this.sink.space(this.#held.take(place.at));
      else this.sink.content(this.#held.take(place.at));
    }
    this.sink.markup(this.#held.take(place.marker.length));
    this.#state = isBlock ? 'label' : 'content';
    return 'moved';
  }

  #leaveStart(): Step {
    this.#state = this.#beginsOpen ? 'label' : 'content';
    return 'moved';
  }

  #readLabel(expect: Expectation): Step {
    const { openLabel } = this.#config;
    if (this.#held.isEmpty && expect === 'more' && openLabel !== '') return 'waits';
    if (expect === 'more' && isBegun(openLabel, this.#held.text, 0)) return 'waits';
    if (openLabel !== '' && this.#held.text.startsWith(openLabel)) {
      this.sink.markup(this.#held.take(openLabel.length));
    }
    this.#enterReasoning();
    return 'moved';
  }

  /** Takes the white space right behind a marker, but for what the next marker begins with. */
  #readSpace(next: 'reasoning' | 'content', expect: Expectation): Step {
    const part = next === 'reasoning' ? this.#scanners.enders : this.#scanners.answer;
    const space = countSpace(this.#held.text, 0);
    const place = part === null ? null : placeBehindSpace(part, this.#held.text, space, expect);
    const length = place?.at ?? space;
    if (length > 0) this.sink.space(this.#held.take(length));
    if (this.#held.isEmpty || (place !== null && place.marker === null)) return 'waits';
    this.#state = next;
    return 'moved';
  }

  #readReasoning(expect: Expectation): Step {
    const place = this.#scanners.enders.markers.find(this.#held.text, 0, expect);
    const text = this.#held.take(place?.at ?? this.#held.text.length);
    if (text !== '') this.sink.reasoning(text);
    if (place?.marker == null) return 'waits';
    if (place.marker === this.#config.close) {
      this.sink.markup(this.#held.take(place.marker.length));
      this.#closeBlock('marker');
      this.#state = this.#config.trim === 'lead' ? 'after-close' : 'content';
    } else {
      this.#closeBlock('tool');
      this.sink.content(this.#held.take(place.marker.length));
      this.#state = 'content';
    }
    return 'moved';
  }

  #readContent(expect: Expectation): Step {
    const place = this.#scanners.answer?.markers.find(this.#held.text, 0, expect) ?? null;
    const text = this.#held.take(place?.at ?? this.#held.text.length);
    if (text !== '') this.sink.content(text);
    if (place?.marker == null) return 'waits';
    this.sink.markup(this.#held.take(place.marker.length));
    const { open, scope } = this.#config;
    if (place.marker === open && scope === 'anywhere') this.#state = 'label';
    return 'moved';
  }

  #step(expect: Expectation): Step {
    switch (this.#state) {
      case 'start':
        return this.#readStart(expect);
      case 'label':
        return this.#readLabel(expect);
      case 'after-open':
        return this.#readSpace('reasoning', expect);
      case 'reasoning':
        return this.#readReasoning(expect);
      case 'after-close':
        return this.#readSpace('content', expect);
      case 'content':
        return this.#readContent(expect);
      default: {
        const exhaustiveCheck: never = this.#state;
        return exhaustiveCheck;
      }
    }
  }

  /** Whether another step may find something; behind an open marker one is due without any text. */
  #hasMore(): boolean {
    return !this.#held.isEmpty || this.#state === 'label';
  }

  #finish(cause: BlockEnd): void {
    while (this.#hasMore() && this.#step('nothing') === 'moved');
    this.#closeBlock(cause);
  }
}
