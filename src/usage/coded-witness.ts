import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { type Exchange } from '../exchange/exchange.js';
import { type ConcludingWitness } from './concluding-witness.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';

/** A larger one is not looked through: its usage stays unknown. */
const MAX_CODED_BYTES = 262_144;
const MAX_DECODED_BYTES = 8_388_608;

/** As much of the end as usage and finish stand in. */
const TAIL_BYTES = 16_384;

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const inflated: Decode = promisify(inflate);
const inflatedRaw: Decode = promisify(inflateRaw);

/** Decoders of content codings (RFC 9110 §8.4.1, RFC 8878). */
const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
  // RFC 9110 §8.4.1.2: some send deflate without its zlib wrapper, which begins with method 8.
  ['deflate', (bytes, options) => (isWrapped(bytes) ? inflated : inflatedRaw)(bytes, options)],
]);

/**
 * Keeps a compressed reply by reference, and looks through it when it is over: decoded by the
 * threads of zlib, while nobody waits for it.
 */
export class CodedWitness implements ConcludingWitness {
  #chunks: Uint8Array[] | null;
  #bytes = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly coding: string,
  ) {
    this.#chunks = exchange.isReplyRead || !DECODERS.has(coding) ? null : [];
  }

  see(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_CODED_BYTES) this.#chunks = null;
    this.#chunks?.push(chunk);
  }

  conclude(): void {
    const decode = DECODERS.get(this.coding);
    const chunks = this.#chunks;
    this.#chunks = null;
    if (chunks === null || chunks.length === 0 || decode === undefined) return;
    const { exchange } = this;
    exchange.usageLookup = decode(Buffer.concat(chunks, this.#bytes), {
      maxOutputLength: MAX_DECODED_BYTES,
    }).then(
      (body) => {
        const end = body.toString('latin1', Math.max(0, body.length - TAIL_BYTES));
        exchange.facts.usage ??= lastUsageIn(end);
        exchange.facts.finishReason ??= lastFinishIn(end);
      },
      // It is cut or malformed, or holds more than anyone will look through.
      () => undefined,
    );
  }
}

function isWrapped(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8;
}
