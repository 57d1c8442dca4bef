import { type DeltaTemplate, isPlain, readRawString } from './delta-template.js';

/** Events of one template that follow each other without a gap. */
export interface EventRun {
  /** The texts as they stand there: insides of JSON strings, in bytes. Never empty. */
  readonly raws: readonly string[];
  /** Likewise of `obfuscation`; empty where the template has none. */
  readonly obfuscations: readonly string[];
  /** The text of all of them, with a space between two; for a look at what may be in it. */
  readonly text: string;
  /** Where the last of them ends. */
  readonly end: number;
}

/** A space is an error within an escape, so no escape can reach from one string into the next. */
const SEPARATOR = ' ';

/** How long the strings of an event are taken to be, so as to say how far to look for so many events. */
const SLOT_BYTES = 24;

/**
 * Reads the events of a template that `bytes` holds from `start` on: cut at the seams between them
 * by one search of the engine's, and looked through as one text.
 *
 * @param bytes - a byte string of an event stream
 * @param start - where an event begins
 * @param most - about how many to look for
 * @returns null where the first event is not whole, does not fit, or has an empty or broken string
 */
export function readRun(
  bytes: string,
  start: number,
  most: number,
  template: DeltaTemplate,
): EventRun | null {
  const { prefix, middle, suffix } = template;
  const frameLength = prefix.length + middle.length + suffix.length;
  const between = bytes.slice(start + prefix.length, start + most * (frameLength + SLOT_BYTES));
  const strings = wholeParts(between.split(suffix + prefix), suffix);
  const { raws, obfuscations } = middle === '' ? onlyTexts(strings) : bothStrings(strings, middle);
  if (raws.length === 0) return null;
  const joined = raws.join(SEPARATOR);
  const padding = obfuscations.join('');
  const text = isPlain(padding) ? readRawString(joined) : null;
  if (text === null) return null;
  const separators = (raws.length - 1) * SEPARATOR.length;
  const length = raws.length * frameLength + joined.length - separators + padding.length;
  return { raws, obfuscations, text, end: start + length };
}

/** What stands in each whole event, up to the first that something else follows. */
function wholeParts(parts: string[], suffix: string): string[] {
  const last = parts.length - 1;
  for (let index = 0; index <= last; index++) {
    const part = parts[index] ?? '';
    // Nearly every part is shorter than what ends an event.
    const end = part.length < suffix.length ? -1 : part.indexOf(suffix);
    if (end !== -1) return [...parts.slice(0, index), part.slice(0, end)];
  }
  parts.pop();
  return parts;
}

type Strings = Pick<EventRun, 'raws' | 'obfuscations'>;

const NONE: readonly string[] = [];

function onlyTexts(strings: readonly string[]): Strings {
  const empty = strings.indexOf('');
  return { raws: empty === -1 ? strings : strings.slice(0, empty), obfuscations: NONE };
}

function bothStrings(strings: readonly string[], middle: string): Strings {
  const raws: string[] = [];
  const obfuscations: string[] = [];
  for (const both of strings) {
    const textEnd = both.indexOf(middle);
    if (textEnd <= 0) break;
    raws.push(both.slice(0, textEnd));
    obfuscations.push(both.slice(textEnd + middle.length));
  }
  return { raws, obfuscations };
}
