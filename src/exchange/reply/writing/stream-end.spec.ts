import { describe, expect, it } from '@jest/globals';
import { StreamEnd } from './stream-end.js';

function endAfter(...chunks: readonly string[]): StreamEnd {
  const end = new StreamEnd();
  for (const chunk of chunks) end.add(Buffer.from(chunk));
  return end;
}

describe('StreamEnd', () => {
  it.each([
    ['', false],
    ['data: {}\n\n', false],
    ['data: [DONE]\n\n', true],
    ['data: {}\n\ndata:[DONE]\r\n\r\n', true],
    ['data: {}\r\n\r\ndata: [DONE]\r\n', true],
    ['data: {}\r\rdata: [DONE]\r\r', true],
    ['data: [DONE]\n\ndata: {}\n\n', false],
    ['data: "data: [DONE]"\n\n', false],
    ['data: [DONE]\n\n: bye\n\n:\n\n', true],
    ['data: {}\n\n: [DONE]\n\n', false],
    ['data: [DONE]!\n\n', false],
    ['data: [DONE] \n\n', true],
    [': [DONE]\n\n', false],
    ['event: message_stop\r\ndata: {}\r\n\r\n', true],
    ['event: message_stop\ndata: {}\n', false],
    ['data: { "type": "response.incomplete", "response": {} }\n\n', true],
    ['data: {"type":"response.failed"', false],
    ['data: {"type":"response.created"}\n\n', false],
    ['event: ping\ndata: {"type":"message_stop"}\n\n', false],
    ['event: message_stop\n\n', false],
  ])('after %j is reached: %s, however the stream is cut', (text, expected) => {
    for (let cut = 0; cut <= text.length; cut++) {
      expect([cut, endAfter(text.slice(0, cut), text.slice(cut)).isReached]).toEqual([
        cut,
        expected,
      ]);
    }
    expect(endAfter(...text.split('')).isReached).toBe(expected);
  });

  it('holds the last 256 KiB of an event, in 256 chunks, and one more', () => {
    const begin = 'event: message_stop\ndata: ';
    expect(endAfter(begin, 'x'.repeat(262_144 - begin.length), '\n\n').isReached).toBe(true);
    expect(endAfter(begin, 'x'.repeat(262_145 - begin.length), '\n\n').isReached).toBe(false);
    expect(endAfter(begin, ...Array<string>(255).fill('x'), '\n\n').isReached).toBe(true);
    expect(endAfter(begin, ...Array<string>(256).fill('x'), '\n\n').isReached).toBe(false);
  });

  it('makes events that can follow, be it in the middle of a line', () => {
    expect(endAfter('data: 1\n\n').eventOf('data: {}').toString()).toBe('data: {}\n\n');
    expect(endAfter('data: 1').eventOf('data: {}').toString()).toBe('\n\ndata: {}\n\n');
    expect(endAfter('data: 1\n').eventOf('data: {}').toString()).toBe('\n\ndata: {}\n\n');
    expect(endAfter('event: x\n').eventOf('data: {}').toString()).toBe('\n\ndata: {}\n\n');
  });

  it.each(['id: 1\n', ': c\r\nretry: 5\r\n', 'data: 1\n\nid: 2\n', 'data: 1\n\n: c\n'])(
    'makes the event that %j begins, of which a blank line would make one without data',
    (text) => {
      expect(endAfter(text).eventOf('data: {}').toString()).toBe('data: {}\n\n');
    },
  );

  it.each([
    ['a byte order mark is before', ['\ufeffdata: 1\n']],
    ['is longer than what is held', ['data: ', 'x'.repeat(262_144), '\n']],
    ['came in more chunks than are held', ['data: ', ...Array<string>(256).fill('x'), '\n']],
  ])('puts no event into one that has data which %s', (_how, chunks) => {
    expect(
      endAfter(...chunks)
        .eventOf('data: {}')
        .toString(),
    ).toBe('\n\ndata: {}\n\n');
    const event = endAfter(...chunks, '\n', 'retry: 5\n').eventOf('data: {}');
    expect(event.toString()).toBe('data: {}\n\n');
  });
});
