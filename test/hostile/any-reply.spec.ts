import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { numRuns } from '../fuzz/fuzz-runs.js';
import { requestText } from '../support/client/http-text.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene } = useScenes();

/** White space around a value, which is no part of it (RFC 9112 §5). */
const space = fc.constantFrom('', ' ', '\t', ' \t ');

const field = fc.record({
  name: fc.constantFrom('X-A', 'x-a', 'Set-Cookie', 'ETag', 'Vary', 'X-!#$%&'),
  value: fc.constantFrom('', '1', 'a  b', '"q", W/"r"', 'x:y', 'caf\xe9', '\x80\xa0\xff'),
  before: space,
  behind: space,
});

const INTERIM = ['', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Hints\r\nLink: </a> \r\n\r\n'];

const reply = fc.record({
  interim: fc.constantFrom(...INTERIM),
  status: fc.constantFrom(200, 201, 299, 301, 404, 422, 500),
  reason: fc.constantFrom('OK', '', 'Not  Found'),
  fields: fc.array(field, { maxLength: 5 }),
  framing: fc.constantFrom('length', 'chunks', 'close'),
  around: fc.tuple(space, space),
  body: fc.constantFrom(
    '',
    'hello',
    '0\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    '\x00\xff \r\n',
    'x'.repeat(3000),
  ),
  /** Bytes of its chunks, and of the pieces it is written in; 0 writes it at once. */
  chunk: fc.integer({ min: 1, max: 1000 }),
  piece: fc.constantFrom(0, 0, 1, 3, 50),
});

type Written = typeof reply extends fc.Arbitrary<infer Value> ? Value : never;

function cut(text: string, size: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces;
}

function framed({ framing, around: [before, behind], body, chunk }: Written): string {
  if (framing === 'close') return `Connection: close\r\n\r\n${body}`;
  if (framing === 'length') {
    return `Content-Length:${before}${body.length}${behind}\r\n\r\n${body}`;
  }
  const chunks = cut(body, chunk).map((part) => `${part.length.toString(16)};a\r\n${part}\r\n`);
  return `Transfer-Encoding:${before}chunked${behind}\r\n\r\n${chunks.join('')}0\r\nT: x \r\n\r\n`;
}

function bytesOf(written: Written): string {
  const { interim, status, reason, fields } = written;
  const lines = fields.map(
    ({ name, value, before, behind }) => `${name}:${before}${value}${behind}\r\n`,
  );
  return `${interim}HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}${framed(written)}`;
}

describe('any proper reply', () => {
  it('reaches the client with its status, fields and body, however it is written', async () => {
    let next: Written | null = null;
    const { client } = await scene(async (turn) => {
      if (next === null) return;
      const bytes = bytesOf(next);
      for (const piece of cut(bytes, next.piece === 0 ? bytes.length : next.piece)) {
        await turn.write(piece);
        await nextTurn();
      }
      if (next.framing === 'close') turn.socket.end();
    });
    await fc.assert(
      fc.asyncProperty(reply, async (written) => {
        next = written;
        const sender = await client();
        sender.send(requestText('GET /v1/x'));
        const { status, headerLines, body } = await sender.reply();
        sender.close();
        const lines = written.fields.map(({ name, value }) => `${name}: ${value}`);
        expect({ status, lines: headerLines.slice(0, lines.length), body }).toEqual({
          status: written.status,
          lines,
          body: written.body,
        });
      }),
      { numRuns: Math.ceil(numRuns / 20) },
    );
  });
});
