import { describe, expect, it } from '@jest/globals';
import { bytesOfUtf8, utf8OfBytes } from '../../src/wire/byte-text.js';
import { createSseDecoder } from '../../src/wire/sse/sse-decoder.js';
import { readSseLines, sseData } from '../../src/wire/sse/sse-lines.js';
import { type SseEvent, sseCases } from './corpus.js';

/** Reads blocks into events as WHATWG HTML §9.2.6 does, but for the last, which is flushed. */
function decode(pieces: readonly string[]): {
  events: SseEvent[];
  comments: string[];
  retry: number | undefined;
  bytes: string;
} {
  const events: SseEvent[] = [];
  const comments: string[] = [];
  let lastId = '';
  let retry: number | undefined;
  let bytes = '';
  const decoder = createSseDecoder({
    onFragment: (fragment) => (bytes += fragment),
    onBlock: (block) => {
      bytes += block;
      const lines = readSseLines(block);
      let type = '';
      for (const { field, value } of lines) {
        if (field === 'comment') comments.push(utf8OfBytes(value));
        if (field === 'event') type = utf8OfBytes(value);
        if (field === 'id' && !value.includes('\0')) lastId = utf8OfBytes(value);
        if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
      }
      const data = sseData(lines);
      if (data === null) return;
      events.push({ type: type === '' ? 'message' : type, data: utf8OfBytes(data), id: lastId });
    },
  });
  for (const piece of pieces) decoder.feed(piece);
  decoder.end();
  return { events, comments, retry, bytes };
}

function cutEvery(bytes: string, size: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}

describe('event streams', () => {
  it.each(sseCases.map((found) => [found.id, found] as const))('%s', (_id, found) => {
    const bytes = bytesOfUtf8(found.raw);
    const ways: [string, readonly string[]][] = [
      ['whole', [bytes]],
      ['in writes of 1 byte', cutEvery(bytes, 1)],
      ['in writes of 2 bytes', cutEvery(bytes, 2)],
    ];
    for (let at = 1; at < bytes.length; at++) {
      ways.push([`cut at ${at}`, [bytes.slice(0, at), bytes.slice(at)]]);
    }
    if (found.chunks !== undefined) ways.push(['in its chunks', found.chunks.map(bytesOfUtf8)]);
    for (const [way, pieces] of ways) {
      const decoded = decode(pieces);
      const expected = (found.tolerant_events ?? found.expected_events).map((event) => ({
        ...event,
        id: event.id ?? expect.any(String),
      }));
      expect({ way, events: decoded.events }).toEqual({ way, events: expected });
      expect(decoded.bytes).toBe(bytes);
      if (found.comments !== undefined) expect(decoded.comments).toEqual(found.comments);
      if (found.retry !== undefined) expect(decoded.retry).toBe(found.retry);
    }
  });
});
