import {
  countSpace,
  type Dialect,
  type DialectFactory,
  MAX_HELD_CHARS,
  type SegmentSink,
} from '../dialect.js';
import { type Expectation } from '../marker-scanner.js';
import { UnreadText } from '../unread-text.js';
import { HarmonyGap } from './harmony-gap.js';
import { type HarmonyHeader, kindOf, readHarmonyHeader } from './harmony-header.js';
import { CHANNEL, CONSTRAIN, HARMONY_SCANNERS, MESSAGE, START } from './harmony-markers.js';
import { HarmonyMessage } from './harmony-message.js';

/** `outside`: between messages. `header`, `body`: in one. */
type State = 'outside' | 'header' | 'body';
type Step = 'moved' | 'waits';

/**
 * Reads the channels of gpt-oss models: `<|channel|>analysis<|message|>…<|end|>` and so on.
 * Source: openai/harmony, docs/format.md, read as leniently as its non-strict parser, and for
 * servers that swallow some of the markers.
 *
 * @param provisional what a header with a bare `to=` is if no marker ever follows. In a text that is
 *   known to be harmony it is a `header`, and dropped; else it is `text`
 */
export function harmonyDialect(provisional: 'header' | 'text'): DialectFactory {
  return (sink) => new HarmonyReader(sink, provisional);
}

/**
 * What moves it, markers without their `<|` and `|>`:
 *
 * ```
 *           start, channel,             message, or more
 *           constrain, to=              than 1,024 characters
 * outside --------------------> header --------------------> body
 *   | ^                           |                          | ^
 *   | +---------------------------+--------------------------+ |
 *   |        start, end, return, call, or an interruption      |
 *   +------------------------- message ------------------------+
 * ```
 *
 * A `start` that ends a message is left in place, and begins the next header from `outside`. `to=`
 * begins one only before any marker or text. In a header that ends without `message` what is no part
 * of it is the body.
 */
class HarmonyReader implements Dialect {
  readonly #message: HarmonyMessage;
  #state: State = 'outside';
  readonly #held = new UnreadText();
  #headerBegins: 'role' | 'section' | 'recipient' = 'section';
  readonly #gap = new HarmonyGap();

  constructor(
    private readonly sink: SegmentSink,
    private readonly provisional: 'header' | 'text',
  ) {
    this.#message = new HarmonyMessage(sink);
  }

  name(): string {
    return 'harmony';
  }

  feed(text: string): void {
    this.#held.add(text);
    while (this.#step('more') === 'moved' && !this.#held.isEmpty);
  }

  interrupt(): void {
    this.#finish('tool');
    this.#gap.sawMarker();
    this.#enterOutside('');
  }

  end(): void {
    this.#finish('end');
  }

  reasoningSeenElsewhere(): void {
    // A harmony message says itself where it begins.
  }

  glance(text: string): 'reasoning' | 'content' | null {
    const { kind } = this.#message;
    if (this.#state !== 'body' || !this.#held.isEmpty || kind === 'call') return null;
    return HARMONY_SCANNERS.body.isAbsentFrom(text) ? kind : null;
  }

  mayEndBlock(text: string): boolean {
    const space = countSpace(text, 0);
    return space === text.length || HARMONY_SCANNERS.body.at(text, space, 'more') !== null;
  }

  isSettled(): boolean {
    return false;
  }

  heldLength(): number {
    return this.#held.text.length;
  }

  #takeMarker(marker: string): void {
    this.sink.markup(this.#held.take(marker.length));
    this.#gap.sawMarker();
  }

  #enterOutside(marker: string): void {
    this.#state = 'outside';
    this.#gap.begin(marker);
  }

  #enterHeader(begins: 'role' | 'section' | 'recipient'): void {
    this.#state = 'header';
    this.#headerBegins = begins;
  }

  #enterBody(recipient: string | null): void {
    this.#message.open(recipient);
    this.#state = 'body';
  }

  /** Behind the end of a message, or of the marker that ended it. */
  #leaveBody(marker: string): void {
    if (marker !== START) this.#takeMarker(marker);
    if (this.#state === 'body') this.#message.close('marker');
    this.#enterOutside(marker);
  }

  #readOutside(expect: Expectation): Step {
    const place = HARMONY_SCANNERS.outside.find(this.#held.text, 0, expect);
    const gap = this.#held.text.slice(0, place?.at ?? this.#held.text.length);
    if (this.#gap.isRecipient(gap)) {
      this.#enterHeader('recipient');
      return 'moved';
    }
    if (place?.marker != null) return this.#readMarker(gap, place.marker);
    const isOpenEnded = place === null;
    if (gap === '' || (expect === 'more' && this.#gap.mayYetVanish(gap, isOpenEnded)))
      return 'waits';
    const isNothing = expect === 'nothing' && this.#gap.isLeftOver(gap);
    if (isNothing) this.sink.markup(this.#held.take(gap.length));
    else this.#showGap(gap);
    return 'waits';
  }

  #readMarker(gap: string, marker: string): Step {
    if (gap !== '') this.#readGap(gap);
    switch (marker) {
      case START:
        this.#takeMarker(marker);
        this.#enterHeader('role');
        break;
      case CHANNEL:
      case CONSTRAIN:
        // Left in place: the header's reader needs it.
        this.#gap.sawMarker();
        this.#enterHeader('section');
        break;
      case MESSAGE:
        this.#takeMarker(marker);
        this.#message.kind = 'content';
        this.#enterBody(null);
        break;
      default:
        this.#takeMarker(marker);
        this.#enterOutside(marker);
    }
    return 'moved';
  }

  /** Text between two messages, whole. */
  #readGap(gap: string): void {
    const fate = this.#gap.fateOf(gap);
    switch (fate) {
      case 'text':
        this.#showGap(gap);
        break;
      case 'space':
        this.sink.space(this.#held.take(gap.length));
        break;
      case 'markup':
        this.sink.markup(this.#held.take(gap.length));
        break;
      default: {
        const exhaustiveCheck: never = fate;
        return exhaustiveCheck;
      }
    }
  }

  #showGap(gap: string): void {
    this.sink.content(this.#held.take(gap.length));
    this.#gap.showedText();
  }

  #readHeader(expect: Expectation): Step {
    const place = HARMONY_SCANNERS.header.find(this.#held.text, 0, expect);
    const end = place?.at ?? this.#held.text.length;
    if (end > MAX_HELD_CHARS) return this.#readOverlongHeader();
    if (place?.marker == null) {
      if (expect === 'nothing') this.#dropHeader();
      return 'waits';
    }
    const text = this.#held.text.slice(0, end);
    const header = this.#readWords(text, place.marker === MESSAGE ? 'header' : 'rest');
    this.#message.kind = kindOf(header);
    if (place.marker === MESSAGE) {
      this.sink.markup(this.#held.take(end));
      this.#takeMarker(MESSAGE);
      this.#enterBody(header.recipient);
      return 'moved';
    }
    this.#readBodyInHeader(text, header.restAt, header.recipient);
    this.#leaveBody(place.marker);
    return 'moved';
  }

  #readWords(text: string, holds: 'header' | 'rest'): HarmonyHeader {
    return readHarmonyHeader(text, this.#headerBegins === 'role' ? 'role' : 'section', holds);
  }

  /** A header without `<|message|>`: its rest is the body. */
  #readBodyInHeader(header: string, restAt: number, recipient: string | null): void {
    const body = header.slice(restAt).trimEnd();
    this.sink.markup(this.#held.take(restAt));
    if (body === '' && this.#message.kind !== 'call') {
      this.#state = 'outside';
    } else {
      this.#enterBody(recipient);
      this.#message.show(this.#held.take(body.length));
    }
    this.sink.markup(this.#held.take(header.length - restAt - body.length));
  }

  /** Nobody writes headers this long: it is text, of the channel it names if it names one. */
  #readOverlongHeader(): Step {
    const begun = this.#held.text.slice(0, MAX_HELD_CHARS);
    const header = this.#readWords(begun, 'rest');
    const isText =
      this.#headerBegins === 'recipient' || (header.channel ?? header.recipient) === null;
    this.#message.kind = isText ? 'content' : kindOf(header);
    if (!isText) this.sink.markup(this.#held.take(header.restAt));
    this.#enterBody(header.recipient);
    return 'moved';
  }

  #dropHeader(): void {
    const text = this.#held.take(this.#held.text.length);
    const isUnmarked = this.#headerBegins === 'recipient' && !text.includes('<|');
    if (isUnmarked && this.provisional === 'text') this.sink.content(text);
    else this.sink.markup(text);
    this.#state = 'outside';
  }

  #readBody(expect: Expectation): Step {
    const place = HARMONY_SCANNERS.body.find(this.#held.text, 0, expect);
    this.#message.show(this.#held.take(place?.at ?? this.#held.text.length));
    if (place?.marker == null) return 'waits';
    this.#leaveBody(place.marker);
    return 'moved';
  }

  #step(expect: Expectation): Step {
    switch (this.#state) {
      case 'outside':
        return this.#readOutside(expect);
      case 'header':
        return this.#readHeader(expect);
      case 'body':
        return this.#readBody(expect);
      default: {
        const exhaustiveCheck: never = this.#state;
        return exhaustiveCheck;
      }
    }
  }

  #finish(cause: 'tool' | 'end'): void {
    while (!this.#held.isEmpty && this.#step('nothing') === 'moved');
    if (this.#state === 'body') this.#message.close(cause);
    this.#state = 'outside';
  }
}
