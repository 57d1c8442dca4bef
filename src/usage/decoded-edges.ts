import { type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { ReplyEdges, type ReplyForm } from './reply-edges.js';

/** A small reply can hold a very large one: what is behind is not looked at. */
const MAX_DECODED_BYTES = 67_108_864;

/** Most bytes that wait for the threads of zlib. */
const MAX_WAITING_BYTES = 1_048_576;

/** Larger than zlib's own, since each is an event. */
const OPTIONS = { chunkSize: 65_536 };

/** What a body is, and the coding it came in. */
export interface CodedForm {
  readonly coding: string;
  readonly form: ReplyForm;
}

type CreateDecoder = (firstByte: number) => Transform;

/** Decoders of content codings (RFC 9110 §8.4.1, RFC 8878), made when the first byte is known. */
const DECODERS: ReadonlyMap<string, CreateDecoder> = new Map<string, CreateDecoder>([
  ['gzip', () => createGunzip(OPTIONS)],
  ['x-gzip', () => createGunzip(OPTIONS)],
  ['br', () => createBrotliDecompress(OPTIONS)],
  ['zstd', () => createZstdDecompress(OPTIONS)],
  // RFC 9110 §8.4.1.2: some send deflate without its zlib wrapper, which begins with method 8.
  [
    'deflate',
    (first) => ((first & 0x0f) === 8 ? createInflate(OPTIONS) : createInflateRaw(OPTIONS)),
  ],
]);

export function isDecodable(coding: string): boolean {
  return DECODERS.has(coding);
}

/** Decodes a body by the threads of zlib, and keeps no more of it than its edges. */
export class DecodedEdges {
  readonly #decoder: Transform | null;
  readonly #ended: Promise<void>;
  #edges: ReplyEdges | null;
  #bytes = 0;

  constructor({ coding, form }: CodedForm, firstByte: number) {
    this.#edges = new ReplyEdges(form);
    this.#decoder = DECODERS.get(coding)?.(firstByte) ?? null;
    this.#ended = this.#decoder === null ? Promise.resolve() : closed(this.#decoder);
    this.#decoder?.on('data', (chunk: Uint8Array) => {
      this.#see(chunk);
    });
    // It is cut or malformed: what came before may tell the usage.
    this.#decoder?.on('error', () => undefined);
  }

  write(chunk: Uint8Array): void {
    const decoder = this.#decoder;
    if (decoder === null || decoder.destroyed) return;
    if (decoder.writableLength > MAX_WAITING_BYTES) this.#giveUp();
    else decoder.write(chunk);
  }

  /** There is no more. Resolves when all was decoded, to null where that was too much. */
  async end(): Promise<ReplyEdges | null> {
    if (this.#decoder?.destroyed === false) this.#decoder.end();
    await this.#ended;
    return this.#edges;
  }

  #see(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_DECODED_BYTES) this.#giveUp();
    this.#edges?.add(chunk);
  }

  #giveUp(): void {
    this.#edges = null;
    this.#decoder?.destroy();
  }
}

function closed(decoder: Transform): Promise<void> {
  return new Promise((resolve) => {
    decoder.once('close', resolve);
  });
}
