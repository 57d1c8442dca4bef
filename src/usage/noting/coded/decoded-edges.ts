import { type Transform } from 'node:stream';
import { decoderFor } from '../../../exchange/reply/transform/coding-decoders.js';
import { ReplyEdges, type ReplyForm } from '../edges/reply-edges.js';
import { WaitingBytes } from './waiting-bytes.js';

/** Most that a reply may decode to, for a few bytes can hold very many; one that exceeds it is given up. */
const MAX_DECODED_BYTES = 67_108_864;

/** Larger pieces than zlib's 16 KiB, since each costs an event of the stream. */
const OPTIONS = { chunkSize: 65_536 };

/** What a body is, and the coding it came in. */
export interface CodedForm {
  readonly coding: string;
  readonly form: ReplyForm;
}

/** Decodes a body on zlib's threads, beside the event loop, and keeps no more of it than its edges. */
export class DecodedEdges {
  readonly #decoder: Transform | null;
  readonly #ended: Promise<void>;
  readonly #waiting = new WaitingBytes();
  #edges: ReplyEdges | null;
  #bytes = 0;

  constructor({ coding, form }: CodedForm, firstByte: number) {
    this.#edges = new ReplyEdges(form);
    this.#decoder = decoderFor(coding, firstByte, OPTIONS);
    this.#ended = this.#decoder === null ? Promise.resolve() : closed(this.#decoder);
    this.#decoder?.on('data', (chunk: Uint8Array) => {
      this.#see(chunk);
    });
    // It is cut or malformed: what came before may tell the usage.
    this.#decoder?.on('error', () => undefined);
    this.#decoder?.on('close', () => {
      this.#waiting.giveBackAll();
    });
  }

  write(chunk: Uint8Array): void {
    const decoder = this.#decoder;
    if (decoder === null || decoder.destroyed) return;
    if (!this.#waiting.take(chunk.length)) {
      this.#giveUp();
      return;
    }
    decoder.write(chunk, (error) => {
      if (!error) this.#waiting.giveBack(chunk.length);
    });
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
