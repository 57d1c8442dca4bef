import { type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** How much a decoder gives out at a time; zlib's own 16 KiB where it is not said. */
export interface DecoderOptions {
  readonly chunkSize?: number;
}

type CreateDecoder = (options: DecoderOptions, firstByte: number) => Transform;

/** Decoders of content codings (RFC 9110 §8.4.1, RFC 8878). */
const DECODERS: ReadonlyMap<string, CreateDecoder> = new Map<string, CreateDecoder>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
  // RFC 9110 §8.4.1.2: some send deflate without its zlib wrapper, which begins with method 8.
  [
    'deflate',
    (options, first) => ((first & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options)),
  ],
]);

/** @param coding - as `codingOf` tells it. */
export function isDecodable(coding: string): boolean {
  return DECODERS.has(coding);
}

/**
 * What decodes a body by the threads of zlib.
 *
 * @param firstByte - of the body
 * @returns null for a coding that is not known
 */
export function decoderFor(
  coding: string,
  firstByte: number,
  options: DecoderOptions = {},
): Transform | null {
  return DECODERS.get(coding)?.(options, firstByte) ?? null;
}
