import {
  type DeltaTemplate,
  isPlain,
  readRawString,
  type Slots,
  slotsIn,
} from './delta-template.js';

/** Events of one template that follow each other without a gap. */
export interface EventRun {
  readonly events: readonly Slots[];
  /** The text of all of them, with a space between two; for a look at what may be in it. */
  readonly text: string;
  /** Where the last of them ends. */
  readonly end: number;
}

/** Within an escape it is an error, so that none can reach from one string into the next. */
const SEPARATOR = ' ';

/** What an event is taken to have besides its template when it is said how far to look. */
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
  const events = eventsOf(between.split(suffix + prefix), template);
  if (events.length === 0) return null;
  const text = readRawString(events.map((event) => event.text).join(SEPARATOR));
  if (text === null) return null;
  let end = start + events.length * frameLength;
  for (const event of events) end += event.text.length + event.obfuscation.length;
  return { events, text, end };
}

/** The strings of those whole events that fit; what follows the first that does not is left. */
function eventsOf(parts: readonly string[], template: DeltaTemplate): readonly Slots[] {
  const events: Slots[] = [];
  const last = parts.length - 1;
  for (const [index, part] of parts.entries()) {
    const end = part.indexOf(template.suffix);
    if (index === last && end === -1) break;
    const slots = slotsIn(end === -1 ? part : part.slice(0, end), template);
    if (slots === null || slots.text === '' || !isPlain(slots.obfuscation)) break;
    events.push(slots);
    if (end !== -1) break;
  }
  return events;
}
