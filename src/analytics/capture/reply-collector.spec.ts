import { describe, expect, it } from '@jest/globals';
import { type CollectedNote, type CollectedText, createReplyCollector } from './reply-collector.js';

function collected(
  headers: readonly string[],
  text: string,
  { maxBytes = 1000, pieceBytes = 1000 } = {},
): CollectedText | CollectedNote | null {
  const collector = createReplyCollector(headers, maxBytes);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    collector.add(bytes.subarray(at, at + pieceBytes));
  }
  return collector.collected();
}

const STREAM = ['Content-Type', 'text/event-stream; charset=utf-8'];
const JSON_REPLY = ['content-type', 'application/json'];

describe('createReplyCollector', () => {
  it('collects the message that a stream amounts to, wherever its bytes are cut', () => {
    const events = ['Grüße', ' 👋']
      .map((content) => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\r\n\r\n`)
      .join('');
    for (const pieceBytes of [1, 3, 1000]) {
      expect(collected(STREAM, `${events}data: [DONE]\n\n`, { pieceBytes })).toEqual({
        text: '{"choices":[{"index":0,"message":{"content":"Grüße 👋"}}]}',
        isCut: false,
      });
    }
  });

  it('reads the event in which a stream broke off, if it is whole', () => {
    expect(collected(STREAM, 'data: {"choices":[{"text":"a"}]}\n')).toEqual({
      text: '{"choices":[{"index":0,"text":"a"}]}',
      isCut: false,
    });
  });

  it('collects text as it is, up to its bound', () => {
    expect(collected(JSON_REPLY, '{"a":1}', { maxBytes: 7, pieceBytes: 2 })).toEqual({
      text: '{"a":1}',
      isCut: false,
    });
    expect(collected(JSON_REPLY, '{"a":12}', { maxBytes: 7, pieceBytes: 2 })).toEqual({
      text: '{"a":12',
      isCut: true,
    });
  });

  it('notes the size of what is no text, or compressed', () => {
    expect(collected(['content-type', 'audio/mpeg'], 'xyz')).toEqual({
      note: '[audio/mpeg: 3 bytes, not kept]',
    });
    expect(collected([...JSON_REPLY, 'content-encoding', 'gzip'], 'xyz')).toEqual({
      note: '[gzip: 3 bytes, not kept]',
    });
  });

  it('collects nothing where nothing came', () => {
    expect(collected(JSON_REPLY, '')).toBeNull();
    expect(collected(STREAM, ': keepalive\n\n')).toBeNull();
  });
});
