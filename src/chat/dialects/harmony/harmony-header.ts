import { CHANNEL, CONSTRAIN, RECIPIENT } from './harmony-markers.js';

const ASSISTANT = 'assistant';

/**
 * The header of a harmony message: what stands between `<|start|>` (or the place where the
 * prompt's own left off) and `<|message|>`. Source: openai/harmony, docs/format.md.
 */
export interface HarmonyHeader {
  /** `analysis`, `commentary`, `final` or another word; null where none is named. */
  readonly channel: string | null;
  /** Whom the message is for, such as `functions.get_weather`; null: the user. */
  readonly recipient: string | null;
  /** Where the text begins that is no part of the header; the header's length when there is none. */
  readonly restAt: number;
}

/** What a message is to the reader. A tool's answer, sent `to=assistant`, is content. */
export type MessageKind = 'reasoning' | 'content' | 'call';

/**
 * Reads a header, of at most 1,024 characters.
 *
 * @param text what stands between the markers, `<|channel|>` and `<|constrain|>` included
 * @param begins `role` behind `<|start|>`, where the first word names the author; else `section`
 * @param holds `header` where `<|message|>` follows, so that no word of it is the message; else
 *   `rest`, for what comes behind the header's own words
 */
export function readHarmonyHeader(
  text: string,
  begins: 'role' | 'section',
  holds: 'header' | 'rest',
): HarmonyHeader {
  let author = begins === 'role' ? null : ASSISTANT;
  let channel: string | null = null;
  let recipient: string | null = null;
  let restAt = text.length;
  let awaits: 'role' | 'channel' | 'type' | 'nothing' = begins === 'role' ? 'role' : 'nothing';
  for (const { word, at } of wordsOf(text)) {
    if (word === CHANNEL || word === CONSTRAIN) {
      awaits = word === CHANNEL ? 'channel' : 'type';
      // Words before a marker belong to the header: a bare content type such as `code`.
      restAt = text.length;
    } else if (restAt < text.length) {
      continue;
    } else if (word.startsWith(RECIPIENT)) {
      recipient = word.slice(RECIPIENT.length);
    } else if (awaits === 'nothing') {
      // A bare content type may stand before the recipient.
      if (holds === 'rest') restAt = at;
    } else {
      if (awaits === 'role') author = word;
      if (awaits === 'channel') channel = word;
      awaits = 'nothing';
    }
  }
  // Models open with `commentary to=assistant` now and then: whoever names itself names nobody.
  const isNobody = recipient === '' || recipient === author;
  return { channel, recipient: isNobody ? null : recipient, restAt };
}

/** What a message is by its header. A recipient counts for more than the channel. */
export function kindOf({ channel, recipient }: HarmonyHeader): MessageKind {
  if (recipient === ASSISTANT) return 'content';
  if (recipient !== null) return 'call';
  return channel === 'analysis' ? 'reasoning' : 'content';
}

/** Words and the two markers, which need no white space around them. */
function* wordsOf(text: string): Generator<{ readonly word: string; readonly at: number }> {
  for (const { 0: word, index } of text.matchAll(
    /<\|(?:channel|constrain)\|>|(?:(?!<\|(?:channel|constrain)\|>)\S)+/g,
  )) {
    yield { word, at: index };
  }
}
