import { DATA_PREFIX, EVENT_END } from './sse-syntax.js';

/** A line of a block of an event stream, as it stands; WHATWG HTML §9.2.6 gives it its meaning. */
export interface SseLine {
  readonly field: 'data' | 'event' | 'id' | 'retry' | 'comment' | 'unknown';
  /** Behind the colon and one space; of a comment, behind the colon. */
  readonly value: string;
  /** The line as it stands, without its end. */
  readonly raw: string;
}

/** The lines of a block that are not blank, in order. */
export function readSseLines(block: string): readonly SseLine[] {
  const lines: SseLine[] = [];
  for (const raw of block.split(/\r\n|\n|\r/)) {
    if (raw !== '') lines.push(readLine(raw));
  }
  return lines;
}

function readLine(raw: string): SseLine {
  const colon = raw.indexOf(':');
  if (colon === 0) return { field: 'comment', value: raw.slice(1), raw };
  const name = colon === -1 ? raw : raw.slice(0, colon);
  const behind = colon === -1 ? '' : raw.slice(colon + 1);
  const value = behind.startsWith(' ') ? behind.slice(1) : behind;
  switch (name) {
    case 'data':
    case 'event':
    case 'id':
    case 'retry':
      return { field: name, value, raw };
    default:
      return { field: 'unknown', value, raw };
  }
}

/** The data of a block: its `data` lines joined by LF; null when it has none. */
export function sseData(lines: readonly SseLine[]): string | null {
  const data = lines.filter(({ field }) => field === 'data');
  return data.length === 0 ? null : data.map(({ value }) => value).join('\n');
}

/** The data of a block, as {@link sseData} tells it. */
export function dataIn(block: string): string | null {
  return soleData(block) ?? sseData(readSseLines(block));
}

/**
 * The data of a block that is one `data` line and nothing else, as nearly every event is written: it
 * is told by looking, without reading lines.
 *
 * @returns null for any other block
 */
export function soleData(block: string): string | null {
  if (!block.startsWith(DATA_PREFIX) || !block.endsWith(EVENT_END)) return null;
  const dataEnd = block.length - EVENT_END.length;
  if (block.indexOf('\n') !== dataEnd || block.includes('\r')) return null;
  return block.slice(DATA_PREFIX.length, dataEnd);
}

/** The line end that a block uses: that of its first line with text. */
export function lineEndOf(block: string): '\n' | '\r' | '\r\n' {
  const [, end] = /[^\r\n](\r\n|\r)/.exec(block) ?? [];
  return end === '\r\n' || end === '\r' ? end : '\n';
}

/**
 * Line ends before a block's first line: the second half of a CRLF that was cut between two
 * chunks, which belongs behind the bytes sent before.
 */
export function leadOf(block: string): string {
  return /^[\r\n]*/.exec(block)?.[0] ?? '';
}

/** A line behind the first one that is a comment. */
const COMMENT = /[\r\n]:/;

/**
 * What is left of an event that its client was never to have: its comments, and the line end that
 * was another's.
 */
export function withoutEvent(block: string): string {
  if (block.startsWith('data') && !COMMENT.test(block)) return '';
  return onlyLines(block, ({ field }) => field === 'comment');
}

/** Fields that outlast their event (WHATWG HTML §9.2.6): the last event ID, the reconnection time. */
const OUTLASTING: ReadonlySet<SseLine['field']> = new Set(['id', 'retry']);

/**
 * What is left of an event whose data is held back or dropped: its comments, and the fields that
 * outlast it. With one of those no blank line ends them: they go on into the next event, since there
 * are clients that take an ID by itself for an event without data. Comments by themselves are ended,
 * so that others can follow them in a silence.
 */
export function withoutData(block: string): string {
  const comments = withoutEvent(block);
  const left = lastingLines(block);
  if (left !== comments) return left;
  return comments === leadOf(block) ? comments : comments + lineEndOf(block);
}

/**
 * What is left of a block without data amid an event that such fields have begun: the same, but not
 * the blank line that would end the event.
 */
export function amidEvent(block: string): string {
  return readSseLines(block).length === 0 ? '' : lastingLines(block);
}

/** Whether lines hold a field that outlasts its event. */
export function haveOutlasting(lines: readonly SseLine[]): boolean {
  return lines.some(({ field }) => OUTLASTING.has(field));
}

function lastingLines(block: string): string {
  return onlyLines(block, ({ field }) => field === 'comment' || OUTLASTING.has(field));
}

function onlyLines(block: string, isKept: (line: SseLine) => boolean): string {
  const end = lineEndOf(block);
  const kept = readSseLines(block).filter(isKept);
  return leadOf(block) + kept.map(({ raw }) => raw + end).join('');
}
