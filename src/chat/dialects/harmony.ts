import { type Dialect, type DialectFactory, MAX_HELD_CHARS, type SegmentSink } from './dialect.js';
import { beginsRecipient, mayBeBareWord, mayBeginRecipient } from './harmony-gap.js';
import { kindOf, type MessageKind, readHarmonyHeader } from './harmony-header.js';
import { createMarkerScanner, type Expectation } from './marker-scanner.js';

const START = '<|start|>';
const CHANNEL = '<|channel|>';
const MESSAGE = '<|message|>';
const CONSTRAIN = '<|constrain|>';
const CALL = '<|call|>';

const outsideScanner = createMarkerScanner([
  START,
  CHANNEL,
  MESSAGE,
  CONSTRAIN,
  '<|end|>',
  '<|return|>',
  CALL,
]);
const headerScanner = createMarkerScanner([START, MESSAGE, '<|end|>', '<|return|>', CALL]);
const bodyScanner = createMarkerScanner([START, '<|end|>', '<|return|>', CALL]);

/** `outside`: between messages. `header`, `body`: in one. */
type State = 'outside' | 'header' | 'body';
type Step = 'moved' | 'waits';

/**
 * Reads the channels of gpt-oss models: `<|channel|>analysis<|message|>…<|end|>` and so on.
 * Source: openai/harmony, docs/format.md, read as leniently as its non-strict parser, and for
 * servers that swallow some of the markers.
 *
 * @param provisional what a header that begins with a bare `to=` is when no marker ever follows:
 *   `header`, to be dropped, where the text is known to be harmony, else `text`
 */
export function harmonyDialect(provisional: 'header' | 'text'): DialectFactory {
  return (sink) => createHarmonyReader(sink, provisional);
}

function createHarmonyReader(sink: SegmentSink, provisional: 'header' | 'text'): Dialect {
  let state: State = 'outside';
  let held = '';
  let kind: MessageKind = 'content';
  let headerBegins: 'role' | 'section' | 'recipient' = 'section';
  let markerSeen = false;
  // Since the last marker: whether text was shown, and whether that marker was `<|call|>`.
  let outsideTextShown = false;
  let isBehindCall = false;

  function take(length: number): string {
    const text = held.slice(0, length);
    held = held.slice(length);
    return text;
  }

  function takeMarker(marker: string): void {
    sink.markup(take(marker.length));
    markerSeen = true;
  }

  function enterOutside(marker: string): void {
    state = 'outside';
    outsideTextShown = false;
    isBehindCall = marker === CALL;
  }

  function enterHeader(begins: 'role' | 'section' | 'recipient'): void {
    state = 'header';
    headerBegins = begins;
  }

  function openMessage(recipient: string | null): void {
    if (kind === 'reasoning') sink.open();
    if (kind === 'call') sink.callOpen(recipient ?? '');
    state = 'body';
  }

  function showBody(text: string): void {
    if (text === '') return;
    if (kind === 'reasoning') sink.reasoning(text);
    else if (kind === 'call') sink.callArguments(text);
    else sink.content(text);
  }

  function closeMessage(cause: 'marker' | 'tool' | 'end'): void {
    if (state !== 'body') return;
    if (kind === 'reasoning') sink.close(cause);
    if (kind === 'call') sink.callClose();
  }

  function mayVanish(gap: string, state: 'whole' | 'growing'): boolean {
    return mayBeBareWord(gap, state, isBehindCall ? 'call' : 'other');
  }

  function mayHaveRecipient(): boolean {
    return !markerSeen && !outsideTextShown;
  }

  function readOutside(expect: Expectation): Step {
    const place = outsideScanner.find(held, 0, expect);
    const gap = held.slice(0, place?.at ?? held.length);
    if (mayHaveRecipient() && beginsRecipient(gap)) {
      enterHeader('recipient');
      return 'moved';
    }
    if (place?.marker != null) return readMarker(gap, place.marker);
    if (!outsideTextShown && gap.length <= MAX_HELD_CHARS) {
      const isCut = place !== null;
      if (
        expect === 'more' &&
        (mayVanish(gap, isCut ? 'whole' : 'growing') ||
          (!isCut && mayHaveRecipient() && mayBeginRecipient(gap)))
      ) {
        return 'waits';
      }
      if (expect === 'nothing' && markerSeen && mayVanish(gap, 'whole')) {
        sink.markup(take(gap.length));
        return 'waits';
      }
    }
    if (gap === '') return 'waits';
    sink.content(take(gap.length));
    outsideTextShown = true;
    return 'waits';
  }

  function readMarker(gap: string, marker: string): Step {
    if (gap !== '') {
      const vanishes = !outsideTextShown && gap.length <= MAX_HELD_CHARS && mayVanish(gap, 'whole');
      if (!vanishes) sink.content(take(gap.length));
      else if (!markerSeen && gap.trim() === '') sink.space(take(gap.length));
      else sink.markup(take(gap.length));
    }
    switch (marker) {
      case START:
        takeMarker(marker);
        enterHeader('role');
        break;
      case CHANNEL:
      case CONSTRAIN:
        // Left in place: the header's reader needs it.
        markerSeen = true;
        enterHeader('section');
        break;
      case MESSAGE:
        takeMarker(marker);
        kind = 'content';
        openMessage(null);
        break;
      default:
        takeMarker(marker);
        enterOutside(marker);
    }
    return 'moved';
  }

  function readHeader(expect: Expectation): Step {
    const place = headerScanner.find(held, 0, expect);
    const end = place?.at ?? held.length;
    if (end > MAX_HELD_CHARS) return readOverlongHeader();
    if (place?.marker == null) {
      if (expect === 'nothing') dropHeader();
      return 'waits';
    }
    const header = readHarmonyHeader(
      held.slice(0, end),
      headerBegins === 'role' ? 'role' : 'section',
    );
    kind = kindOf(header);
    if (place.marker === MESSAGE) {
      sink.markup(take(end));
      takeMarker(MESSAGE);
      openMessage(header.recipient);
      return 'moved';
    }
    readBodyInHeader(held.slice(0, end), header.restAt, header.recipient);
    if (place.marker !== START) takeMarker(place.marker);
    closeMessage('marker');
    enterOutside(place.marker);
    return 'moved';
  }

  /** A header without `<|message|>`: its rest is the body. */
  function readBodyInHeader(header: string, restAt: number, recipient: string | null): void {
    const body = header.slice(restAt).trimEnd();
    sink.markup(take(restAt));
    if (body === '' && kind !== 'call') {
      state = 'outside';
    } else {
      openMessage(recipient);
      showBody(take(body.length));
    }
    sink.markup(take(header.length - restAt - body.length));
  }

  /** Nobody writes headers this long: it is text, of the channel it names if it names one. */
  function readOverlongHeader(): Step {
    const begun = held.slice(0, MAX_HELD_CHARS);
    const header = readHarmonyHeader(begun, headerBegins === 'role' ? 'role' : 'section');
    const isText = headerBegins === 'recipient' || (header.channel ?? header.recipient) === null;
    kind = isText ? 'content' : kindOf(header);
    if (!isText) sink.markup(take(header.restAt));
    openMessage(header.recipient);
    return 'moved';
  }

  function dropHeader(): void {
    const isUnmarked = headerBegins === 'recipient' && !held.includes('<|');
    if (isUnmarked && provisional === 'text') sink.content(take(held.length));
    else sink.markup(take(held.length));
    state = 'outside';
  }

  function readBody(expect: Expectation): Step {
    const place = bodyScanner.find(held, 0, expect);
    showBody(take(place?.at ?? held.length));
    if (place?.marker == null) return 'waits';
    if (place.marker !== START) takeMarker(place.marker);
    closeMessage('marker');
    enterOutside(place.marker);
    return 'moved';
  }

  function step(expect: Expectation): Step {
    switch (state) {
      case 'outside':
        return readOutside(expect);
      case 'header':
        return readHeader(expect);
      case 'body':
        return readBody(expect);
    }
  }

  function finish(cause: 'tool' | 'end'): void {
    while (held !== '' && step('nothing') === 'moved');
    closeMessage(cause);
    state = 'outside';
  }

  return {
    name: () => 'harmony',
    feed(text) {
      held += text;
      while (step('more') === 'moved' && held !== '');
    },
    interrupt() {
      finish('tool');
      markerSeen = true;
      enterOutside('');
    },
    end() {
      finish('end');
    },
    reasoningSeenElsewhere: () => undefined,
    glance(text) {
      if (state !== 'body' || held !== '' || kind === 'call') return null;
      return bodyScanner.isAbsentFrom(text) ? kind : null;
    },
    isSettled: () => false,
    heldLength: () => held.length,
  };
}
