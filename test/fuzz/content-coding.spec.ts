import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { from } from 'rxjs';
import { ExchangeError } from '../../src/exchange/exchange-error.js';
import { decodedBody } from '../../src/exchange/reply/transform/content-coding.js';
import { numRuns } from './fuzz-runs.js';

const CODERS = {
  gzip: gzipSync,
  deflate: deflateSync,
  'deflate ': deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

const coding = fc.constantFrom(
  'gzip' as const,
  'deflate' as const,
  'deflate ' as const,
  'br' as const,
  'zstd' as const,
);

type Ending = 'complete' | 'error';

/** Decodes chunks; what came out of them, and how it ended. */
function decodedFrom(
  value: string,
  chunks: readonly Uint8Array[],
  maxBytes: number,
): Promise<{ readonly bytes: Buffer; readonly ending: Ending }> {
  const reply = {
    status: 200,
    headers: ['Content-Encoding', value],
    body: from(chunks),
    route: null,
  };
  const out: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    decodedBody(reply, maxBytes).body.subscribe({
      next: (chunk) => out.push(chunk),
      complete: () => {
        resolve({ bytes: Buffer.concat(out), ending: 'complete' });
      },
      error: (error: unknown) => {
        if (error instanceof ExchangeError) resolve({ bytes: Buffer.concat(out), ending: 'error' });
        else reject(error instanceof Error ? error : new Error('no error at all'));
      },
    });
  });
}

function cut(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

// Each run makes a decoder of the engine, which costs as much as some hundred parsed texts.
const runs = { numRuns: Math.ceil(numRuns / 10) };

describe('any compressed reply', () => {
  it('comes out as it was, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        coding,
        fc.integer({ min: 1, max: 50 }),
        async (bytes, name, size) => {
          const chunks = cut(CODERS[name](bytes), size);
          const { bytes: decoded, ending } = await decodedFrom(name, chunks, 1_000);
          expect([ending, decoded.equals(bytes)]).toEqual(['complete', true]);
        },
      ),
      runs,
    );
  });

  it('never gives out more than the bound, and says when there is more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 100_000 }),
        fc.nat({ max: 50_000 }),
        coding,
        async (length, maxBytes, name) => {
          const chunks = cut(CODERS[name](Buffer.alloc(length, 'x')), 1_000);
          const { bytes, ending } = await decodedFrom(name, chunks, maxBytes);
          expect(bytes.length).toBeLessThanOrEqual(maxBytes);
          expect(ending).toBe(length > maxBytes ? 'error' : 'complete');
        },
      ),
      runs,
    );
  });

  it('of any bytes ends, in order or in an error of the backend', async () => {
    const mangled = fc
      .tuple(fc.uint8Array({ maxLength: 40 }), coding, fc.nat(), fc.nat({ max: 255 }))
      .map(([bytes, name, position, value]) => {
        const coded = Buffer.from(CODERS[name](bytes));
        coded[position % coded.length] = value;
        return { name, coded };
      });
    const any = fc.record({ name: coding, coded: fc.uint8Array({ maxLength: 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.oneof(mangled, any), async ({ name, coded }) => {
        const { bytes } = await decodedFrom(name, cut(coded, 7), 100_000);
        expect(bytes.length).toBeLessThanOrEqual(100_000);
      }),
      runs,
    );
  });
});
