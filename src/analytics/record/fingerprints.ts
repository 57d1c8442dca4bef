import { hash } from 'node:crypto';

const FINGERPRINT_CHARS = 12;

/** Most keys that are remembered; beyond, all are forgotten and hashed anew. */
const MAX_KNOWN = 1024;

/**
 * Tells keys apart without keeping them. SHA-256 costs each request a microsecond and more, so
 * fingerprints are remembered by a quick hash of their key: 53 bits, with a seed that nobody outside
 * knows. Nobody can read a key from that, or make one that is taken for another.
 */
export class Fingerprints {
  readonly #known = new Map<number, string>();
  readonly #seed: number;

  /** @param seed - any 32 bits, chosen at random. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** The first 12 hexadecimal digits of the SHA-256 of a key. */
  of(key: string): string {
    const quick = quickHash(key, this.#seed);
    const known = this.#known.get(quick);
    if (known !== undefined) return known;
    if (this.#known.size === MAX_KNOWN) this.#known.clear();
    const fingerprint = hash('sha256', key).slice(0, FINGERPRINT_CHARS);
    this.#known.set(quick, fingerprint);
    return fingerprint;
  }
}

const LOW_BITS = 0x1fffff;

/** Two multiplicative hashes side by side, each mixed to the end, of which 53 bits are taken. */
function quickHash(text: string, seed: number): number {
  let one = seed ^ 0x9e3779b9;
  let other = ~seed;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x85ebca6b);
    one ^= one >>> 15;
    other = Math.imul(other ^ code, 0xc2b2ae35);
    other ^= other >>> 13;
  }
  return (other & LOW_BITS) * 0x1_0000_0000 + (one >>> 0);
}
