import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { rewritePlanFor } from '../../src/chat/rewrite/rewrite-plan.js';
import { createStreamRewriter } from '../../src/chat/rewrite/stream-rewriter.js';
import { createSseDecoder, MAX_BLOCK_BYTES } from '../../src/wire/sse/sse-decoder.js';
import {
  policyOf,
  rewriteJsonBytes,
  rewriteStreamPieces,
  silentObserver,
} from '../conformance/rewriting.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { untilStill } from '../support/time/stillness.js';

const MB = 1_048_576;
const CHUNK_BYTES = 65_536;
const POURED_BYTES = 3 * MAX_BLOCK_BYTES;

const STRIP = policyOf({ output: 'strip' });

const { scene } = useScenes();

const contentEvent = (content: string, index = 0): string =>
  `data: {"choices":[{"index":${index},"delta":{"content":${JSON.stringify(content)}}}]}\n\n`;

/** A chunk's worth of the same bytes again and again. */
const chunkOf = (bytes: string): string => bytes.repeat(Math.ceil(CHUNK_BYTES / bytes.length));

/** What never comes to the blank line that ends an event. */
const ENDLESS = [
  ['a line', 'data: x', 'x'],
  ['a line of nothing but a name', 'x', 'x'],
  ['a comment', ':', 'x'],
  ['comments', ': ', 'ping\n:'],
  ['data lines', 'data: ', 'x\ndata: '],
  ['data lines that end in CR', 'data: ', 'x\rdata: '],
  ['unknown fields', '', 'x\n'],
  ['a byte order mark at each line', '\u00ef\u00bb\u00bf', 'x\n\u00ef\u00bb\u00bf'],
  ['NUL', '', '\x00'],
] as const;

/** What is an event, or nothing, many times over, and none that is rewritten. */
const FLOODS = [
  ['blank lines', '\n'],
  ['blank lines that end in CR', '\r'],
  ['blank lines that end in CRLF', '\r\n'],
  ['comments', ': ping\n\n'],
  ['empty comments', ':\n\n'],
  ['empty data', 'data:\n\n'],
  ['data without a colon', 'data\n\n'],
  ['names of events', 'event: x\n\n'],
  ['ids', 'id: 1\n\n'],
  ['retries', 'retry: 1\n\n'],
  ['empty objects', 'data: {}\n\n'],
  ['no choices', 'data: {"choices":[]}\n\n'],
  ['half objects', 'data: {\n\n'],
  ['ends', 'data: [DONE]\n\n'],
] as const;

describe('an event that does not end', () => {
  it.each(ENDLESS)('is held up to 4 MiB and then let through: %s', (_what, first, then) => {
    let fedBytes = 0;
    let givenBytes = 0;
    let mostHeldBytes = 0;
    const give = (bytes: string): void => {
      givenBytes += bytes.length;
    };
    const decoder = createSseDecoder({ onBlock: give, onFragment: give });
    const chunk = chunkOf(then);
    for (let next = first + chunk; fedBytes < POURED_BYTES; next = chunk) {
      decoder.feed(next);
      fedBytes += next.length;
      mostHeldBytes = Math.max(mostHeldBytes, fedBytes - givenBytes);
    }
    expect(mostHeldBytes).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
    expect(mostHeldBytes).toBeGreaterThan(MAX_BLOCK_BYTES - 2 * chunk.length);
    expect(fedBytes - givenBytes).toBe(0);
  });

  it.each(ENDLESS)('passes as it is, and the next one is rewritten: %s', (_what, first, then) => {
    const flood = Buffer.from(first + chunkOf(then).repeat(POURED_BYTES / CHUNK_BYTES), 'latin1');
    const plan = rewritePlanFor(STRIP);
    if (plan === null) throw new Error('nothing is rewritten');
    const rewriter = createStreamRewriter(plan, silentObserver);
    const out: Uint8Array[] = [];
    for (let at = 0; at < flood.length; at += CHUNK_BYTES) {
      out.push(rewriter.feed(flood.subarray(at, at + CHUNK_BYTES)));
    }
    expect(Buffer.concat(out).equals(flood)).toBe(true);
    const behind = rewriter.feed(Buffer.from(`\n\n${contentEvent('<think>a</think>b')}`));
    expect(Buffer.from(behind).toString()).toBe(`\n\n${contentEvent('b')}`);
  });

  it('does not make the gateway buffer what its client does not take', async () => {
    const began = deferred();
    let sentBytes = 0;
    const { client } = await scene(
      async (turn) => {
        if (turn.request.method === 'GET') return turn.json('{}');
        await turn.body();
        await turn.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ');
        began.resolve();
        const chunk = Buffer.alloc(MB, 'x');
        for (; sentBytes < 100 * MB; sentBytes += MB) {
          if (!turn.socket.write(chunk)) await once(turn.socket, 'drain');
        }
      },
      { backend: { reasoning: STRIP } },
    );
    const [reader, other] = [await client(), await client()];
    reader.socket.pause();
    reader.send(chatText());
    await began.promise;
    const stillBytes = await untilStill(
      () => sentBytes,
      () => {
        other.send(requestText('GET /v1/models'));
        return other.reply();
      },
    );
    expect(stillBytes).toBeLessThan(40 * MB);
  });
});

describe('the greatest event', () => {
  /** An event that says `<think>a</think>b` and has so many bytes before its last line end. */
  function eventOf(bytes: number): string {
    const event = contentEvent('<think>a</think>b');
    return event.replace('{', `{${' '.repeat(bytes + 1 - event.length)}`);
  }

  it('is read, and one byte more passes unread', () => {
    const written = (event: string): string => {
      // The last line end comes by itself: only what is held can be too much.
      const pieces = [event.slice(0, -1), '\n'].map((piece) => Buffer.from(piece));
      return Buffer.from(rewriteStreamPieces(STRIP, pieces)).toString();
    };
    const [greatest, greater] = [eventOf(MAX_BLOCK_BYTES), eventOf(MAX_BLOCK_BYTES + 1)];
    // Compared by length, for nobody wants to read how two texts of 4 MiB differ.
    expect(written(greatest).length).toBe(greatest.length - '<think>a</think>'.length);
    expect(written(greater).length).toBe(greater.length);
  });
});

describe('a flood of events', () => {
  it.each(FLOODS)('passes as it is, and none of it is held: %s', (_what, event) => {
    const chunk = Buffer.from(chunkOf(event));
    const plan = rewritePlanFor(STRIP);
    if (plan === null) throw new Error('nothing is rewritten');
    const rewriter = createStreamRewriter(plan, silentObserver);
    for (let round = 0; round < 8; round++) {
      const out = Buffer.from(rewriter.feed(chunk));
      expect(out.equals(chunk)).toBe(true);
    }
  });

  it('that says what may begin a marker shows all but the last of it', () => {
    const flood = contentEvent('<think').repeat(10_000);
    const plan = rewritePlanFor({ ...STRIP, input: 'gemma4' });
    if (plan === null) throw new Error('nothing is rewritten');
    const rewriter = createStreamRewriter(plan, silentObserver);
    const out = Buffer.from(rewriter.feed(Buffer.from(flood.replaceAll('<think', '<|chan'))));
    const shown = out.toString().split('<|chan').length - 1;
    expect(shown).toBeGreaterThanOrEqual(9_999);
  });
});

describe('more choices than are told apart', () => {
  const indices = Array.from({ length: 131 }, (_, index) => index);
  const answered = (index: number): string => (index < 128 ? 'b' : '<think>a</think>b');

  it('pass as they are in a stream, an event each', () => {
    const stream = Buffer.from(
      indices.map((index) => contentEvent('<think>a</think>b', index)).join(''),
    );
    const expected = indices.map((index) => contentEvent(answered(index), index)).join('');
    expect(Buffer.from(rewriteStreamPieces(STRIP, [stream])).toString()).toBe(expected);
  });

  it.each([
    ['an event', 'delta', 'data: ', '\n\n'],
    ['a body', 'message', '', ''],
  ])('pass as they are in %s', (what, slot, before, behind) => {
    const holding = (text: (index: number) => string): string =>
      `${before}${JSON.stringify({
        choices: indices.map((index) => ({ index, [slot]: { content: text(index) } })),
      })}${behind}`;
    const sent = Buffer.from(holding(() => '<think>a</think>b'));
    const written =
      what === 'a body' ? rewriteJsonBytes(STRIP, sent) : rewriteStreamPieces(STRIP, [sent]);
    expect(Buffer.from(written).toString()).toBe(holding(answered));
  });
});
