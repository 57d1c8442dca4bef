import { leadOf, lineEndOf, type SseLine } from './sse-lines.js';
import { DATA_PREFIX, EVENT_END } from './sse-syntax.js';

/**
 * Writes a block anew with other data, its other lines as they were. Data that spans lines is
 * written as several `data` lines, as WHATWG HTML §9.2.6 reads them back.
 *
 * @param block - the block whose lines and line ends are taken over
 * @param datas - the data of each event that takes its place, at least one; comments stay with the
 *   first, named fields with each
 */
export function encodeSseBlocks(
  block: string,
  lines: readonly SseLine[],
  datas: readonly string[],
): string {
  const end = lineEndOf(block);
  const events = datas
    .map((data, index) => {
      const kept = index === 0 ? lines : lines.filter(({ field }) => field !== 'comment');
      return withData(kept, data, end) + end;
    })
    .join('');
  return leadOf(block) + events;
}

/** One event with nothing but data. */
export function encodeSseData(data: string): string {
  return `${DATA_PREFIX}${data.replaceAll('\n', `\n${DATA_PREFIX}`)}${EVENT_END}`;
}

function withData(lines: readonly SseLine[], data: string, end: string): string {
  let result = '';
  let isWritten = false;
  for (const { field, raw } of lines) {
    if (field !== 'data') {
      result += raw + end;
    } else if (!isWritten) {
      isWritten = true;
      const prefix = raw.startsWith(DATA_PREFIX) ? DATA_PREFIX : 'data:';
      for (const line of data.split('\n')) result += prefix + line + end;
    }
  }
  return result;
}

/** The block with the blank line that ends it, added where a stream broke off before it. */
export function terminated(block: string): string {
  return block + missingEnd(block);
}

/** What a block lacks of the blank line that ends it; empty where a stream broke off behind it. */
export function missingEnd(block: string): string {
  const end = lineEndOf(block);
  const lines = block.replace(/\r\n?/g, '\n');
  if (lines.endsWith(EVENT_END)) return '';
  return lines.endsWith('\n') ? end : end + end;
}
