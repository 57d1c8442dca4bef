import { describe, expect, it } from '@jest/globals';
import { HeadLines } from './head-lines.js';

function fed(pieces: readonly string[]): { text: string; isOver: boolean } {
  const head = new HeadLines();
  const out = pieces.map((piece) => head.feed(Buffer.from(piece, 'latin1')).toString('latin1'));
  return { text: out.join(''), isOver: head.isOver };
}

/** In one piece, byte by byte, and in two pieces for every place to cut. */
function* splits(text: string): Generator<readonly string[]> {
  yield [text];
  yield text.split('');
  for (let at = 1; at < text.length; at++) yield [text.slice(0, at), text.slice(at)];
}

const START = 'HTTP/1.1 200 OK\r\n';

describe('HeadLines', () => {
  it.each([
    ['a space', 'Content-Length: 2 \r\n', 'Content-Length: 2\r\n'],
    ['tabs and spaces', 'A: b c\t \t\r\nD: e  \r\n', 'A: b c\r\nD: e\r\n'],
    ['a value that is none', 'A: \r\nB:\t\r\n', 'A:\r\nB:\r\n'],
  ])('take off %s, however the head is cut', (_what, lines, expected) => {
    const body = '\r\n \r\n a \r\n\r\nb \r\n';
    for (const pieces of splits(START + lines + body)) {
      expect(fed(pieces)).toEqual({ text: START + expected + body, isOver: true });
    }
  });

  it.each([
    ['nothing to take off', 'A:  b\r\nC: d e\r\n'],
    ['a folded line', 'A: b\r\n c\r\n'],
    ['a line of white space', 'A: b\r\n \r\n\t\r\nC: d\r\n'],
    ['lines that end otherwise', 'A: b \nC: d \rE: f\r\n'],
    ['bytes beyond ASCII', 'A: \x80\xa0\xff\xa0\r\n'],
  ])('leave %s', (_what, lines) => {
    const text = `${START}${lines}\r\nbody`;
    for (const pieces of splits(text)) expect(fed(pieces)).toEqual({ text, isOver: true });
  });

  it('pass the very bytes where nothing is taken off', () => {
    const bytes = Buffer.from(`${START}A: b\r\n\r\nbody \r\n`);
    expect(new HeadLines().feed(bytes)).toBe(bytes);
  });

  it('hold no more than what may be white space at the end of a line', () => {
    const head = new HeadLines();
    expect(String(head.feed(Buffer.from('HTTP/1.1 200 OK\r\nA: b \r\nC: d \r')))).toBe(
      'HTTP/1.1 200 OK\r\nA: b\r\nC: ',
    );
    const spaces = ' '.repeat(2_000);
    expect(String(head.feed(Buffer.from(spaces)))).toBe(`d \r${spaces}`);
    expect(head.isOver).toBe(true);
  });
});
