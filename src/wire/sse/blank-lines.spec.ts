import { describe, expect, it } from '@jest/globals';
import { eventAround } from './event-around.js';
import { isBetweenEvents, STREAM_START, tailAfter } from './event-boundary.js';
import { cutBefore, cutBehind } from './event-cuts.js';

const MAX_LENGTH = 5;

/** Every text of line ends alone, up to that length. */
function allLineEnds(): string[] {
  const texts = [''];
  for (const text of texts) {
    if (text.length < MAX_LENGTH) texts.push(`${text}\n`, `${text}\r`);
  }
  return texts;
}

/** Whether two lines end in it, of which the second is blank (WHATWG HTML §9.2.5). */
const hasBlankLine = (lineEnds: string): boolean => lineEnds.split(/\r\n|\r|\n/).length > 2;

// Three files look for it, each in what its callers have: the last bytes that were sent, bytes that are
// not decoded, and a string that may be cut anywhere. One by means of another would cost each of them.
describe('a blank line', () => {
  it.each(allLineEnds().map((lineEnds) => [lineEnds]))('is told alike by all: %j', (lineEnds) => {
    const begun = `a${lineEnds}`;
    const stream = `${begun}b`;
    const at = begun.length;
    const bytes = Buffer.from(stream);
    const isBlank = hasBlankLine(lineEnds);
    expect(isBetweenEvents(tailAfter(STREAM_START, Buffer.from(begun)))).toBe(isBlank);
    expect(cutBefore(bytes, at, at)).toBe(isBlank ? at : -1);
    expect(cutBehind(bytes, 0, bytes.length)).toBe(isBlank ? at : bytes.length);
    expect(eventAround(stream, at).start).toBe(isBlank ? at : 0);
    expect(eventAround(stream, 0).block.endsWith('b')).toBe(!isBlank);
  });
});
