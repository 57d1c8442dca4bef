import { describe, expect, it } from '@jest/globals';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { witnessedExchange } from '../../../../test/support/analytics/witnessed-exchange.js';
import { seededRandom } from '../../../../test/support/seeded-random.js';
import { type ReportedUsage } from '../../../exchange/facts/tokens-of.js';
import { type ReplyForm } from '../edges/reply-edges.js';
import { CodedWitness } from './coded-witness.js';

/** The usage that is noted of a coded reply that came in these deliveries. */
async function usageIn(
  coding: string,
  deliveries: readonly Uint8Array[],
  form: ReplyForm = 'json',
): Promise<ReportedUsage | null> {
  const exchange = witnessedExchange();
  const witness = new CodedWitness(exchange, { coding, form });
  for (const delivery of deliveries) if (delivery.length > 0) witness.see(delivery);
  witness.conclude();
  await exchange.usageLookup;
  return exchange.facts.usage;
}

const pieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );

const USAGE = { prompt_tokens: 9, completion_tokens: 3 };
const SMALL = Buffer.from(JSON.stringify({ choices: [], usage: USAGE }));

/** Numbers that compress to more than is kept, with the usage first or last. */
function embeddings(place: 'first' | 'last'): string {
  const random = seededRandom(1);
  const numbers = Array.from({ length: 60_000 }, random).join();
  const data = `"data":[{"embedding":[${numbers}]}]`;
  const usage = `"usage":${JSON.stringify(USAGE)}`;
  return place === 'first' ? `{${usage},${data}}` : `{${data},${usage}}`;
}

describe('the usage of a compressed reply', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('is found in %s, wherever it is cut', async (coding, compress) => {
    const coded = compress(SMALL);
    for (let cut = 0; cut <= coded.length; cut++) {
      const deliveries = [coded.subarray(0, cut), coded.subarray(cut)];
      expect(await usageIn(coding, deliveries)).toEqual(USAGE);
    }
  });

  it.each(['first', 'last'] as const)(
    'is found in one of more than 256 KiB where it stands %s',
    async (place) => {
      const coded = gzipSync(embeddings(place));
      expect(coded.length).toBeGreaterThan(262_144);
      for (const size of [1_000, 65_536, coded.length]) {
        expect(await usageIn('gzip', pieces(coded, size))).toEqual(USAGE);
      }
    },
  );

  it('is found in a stream, in the last of its events that tells it', async () => {
    const events = [{ choices: [] }, { choices: [], usage: USAGE }, { usage: null }];
    const stream = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    const coded = gzipSync(`${stream}data: [DONE]\n\n`);
    for (let cut = 0; cut <= coded.length; cut++) {
      const deliveries = [coded.subarray(0, cut), coded.subarray(cut)];
      expect(await usageIn('gzip', deliveries, 'stream')).toEqual(USAGE);
    }
  });

  it('is put together of the first and the last event in a stream of messages', async () => {
    const event = (fields: object): string => `data: ${JSON.stringify(fields)}\n\n`;
    const start = { usage: { input_tokens: 25, output_tokens: 1 } };
    const begun = event({ type: 'message_start', message: start });
    const text = event({ type: 'content_block_delta', delta: { text: 'x'.repeat(1_000) } });
    const end = event({ type: 'message_delta', usage: { output_tokens: 15 } });
    for (const long of ['', text.repeat(100)]) {
      const coded = gzipSync(begun + long + end);
      const usage = await usageIn('gzip', pieces(coded, 100), 'messages');
      expect(usage).toEqual({ input_tokens: 25, output_tokens: 15 });
    }
    const brokenOff = await usageIn('gzip', [gzipSync(begun + text)], 'messages');
    expect(brokenOff).toEqual({ input_tokens: 25 });
  });

  it('is not looked for behind 64 MiB of a reply, which may be small', async () => {
    const bomb = (mebibytes: number): Buffer => {
      const space = Buffer.alloc(mebibytes * 1_048_576, ' ');
      return gzipSync(Buffer.concat([Buffer.from('{"a":1,'), space, SMALL.subarray(1)]));
    };
    expect(await usageIn('gzip', [bomb(60)])).toEqual(USAGE);
    expect(await usageIn('gzip', [bomb(64)])).toBeNull();
  });

  describe('that comes faster than it can be decoded', () => {
    /** That many bytes and a few, which are as many when they are coded. */
    const coded = (mebibytes: number): Uint8Array[] => {
      const text = 'x'.repeat(mebibytes * 1_048_576);
      const json = `{"text":"${text}","usage":${JSON.stringify(USAGE)}}`;
      return pieces(gzipSync(json, { level: 0 }), 65_536);
    };

    it('is found when no more than 16 MiB of it wait', async () => {
      expect(await usageIn('gzip', coded(15))).toEqual(USAGE);
      expect(await usageIn('gzip', coded(16))).toBeNull();
    });

    it('is found when no more than 64 MiB wait of all, and when those are done', async () => {
      const deliveries = coded(14);
      const atOnce = Array.from({ length: 5 }, () => usageIn('gzip', deliveries));
      expect(await Promise.all(atOnce)).toEqual([USAGE, USAGE, USAGE, USAGE, null]);
      const again = Array.from({ length: 4 }, () => usageIn('gzip', deliveries));
      expect(await Promise.all(again)).toEqual([USAGE, USAGE, USAGE, USAGE]);
    });
  });

  it('is found in the beginning of one that breaks off', async () => {
    const coded = gzipSync(embeddings('first'));
    const half = coded.subarray(0, coded.length / 2);
    expect(await usageIn('gzip', pieces(half, 65_536))).toEqual(USAGE);
  });

  it('is not found in what is malformed, empty, or in another coding', async () => {
    expect(await usageIn('gzip', [SMALL])).toBeNull();
    expect(await usageIn('gzip', [])).toBeNull();
    expect(await usageIn('compress', [SMALL])).toBeNull();
  });
});
