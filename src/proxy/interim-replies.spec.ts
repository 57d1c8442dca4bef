import { describe, expect, it } from '@jest/globals';
import { behindInterim } from './interim-replies.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nLink: </y>\r\n\r\n';

const left = (text: string): string | null => {
  const { rest, isReply } = behindInterim(Buffer.from(text, 'latin1'));
  return isReply ? rest.toString('latin1') : null;
};

describe('behindInterim', () => {
  it.each([
    ['one', CONTINUE],
    ['several', CONTINUE + HINTS + CONTINUE],
    ['one without a reason', 'HTTP/1.1 100 \r\n\r\n'],
  ])('leaves out %s, however the bytes are cut', (_what, interim) => {
    const bytes = interim + OK;
    for (let length = 0; length < bytes.length; length++) {
      const start = bytes.slice(0, length);
      const rest = left(start);
      if (length < interim.length) expect(rest).toBeNull();
      // Until it is plain what begins there.
      else if (rest !== null) expect(rest).toBe(start.slice(interim.length));
    }
    expect(left(bytes)).toBe(OK);
  });

  it('keeps no interim reply that is whole', () => {
    const { rest, isReply } = behindInterim(
      Buffer.from(`${CONTINUE + HINTS + CONTINUE}HTTP/1.1 1`),
    );
    expect([String(rest), isReply]).toEqual(['HTTP/1.1 1', false]);
  });

  it.each([
    OK,
    'HTTP/1.0 100 Continue\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'HTTP/1.1 1x0 Continue\r\n\r\n',
    'HTTP/1.1 100 Continue\n\n',
    'HTTP/1.1 100 Continue\r\nA: b\nC: d\r\n\r\n',
    'HTTP/1.1 2',
    'HTTQ',
    '\x00',
    `HTTP/1.1 100 Continue\r\nA: ${'b'.repeat(16_384)}`,
  ])('leaves what is no interim reply to the parser: %j', (bytes) => {
    expect(left(bytes)).toBe(bytes);
    expect(left(CONTINUE + bytes)).toBe(bytes);
  });
});
