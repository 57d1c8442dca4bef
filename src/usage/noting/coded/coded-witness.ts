import { type Exchange } from '../../../exchange/exchange.js';
import { isDecodable } from '../../../exchange/reply/transform/coding-decoders.js';
import { type ConcludingWitness } from '../concluding-witness.js';
import { type CodedForm, DecodedEdges } from './decoded-edges.js';

/** A reply of no more bytes is decoded after its end, when no client waits; a larger one while it comes. */
const MAX_HELD_BYTES = 262_144;

/**
 * Finds the usage in a compressed reply, which passes as it is. Chunks are held up to the bound, and not
 * copied; beyond it no more is kept than the decoder needs.
 */
export class CodedWitness implements ConcludingWitness {
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #decoded: DecodedEdges | null = null;
  readonly #isLookedAt: boolean;

  constructor(
    private readonly exchange: Exchange,
    private readonly form: CodedForm,
  ) {
    this.#isLookedAt = !exchange.isReplyRead && isDecodable(form.coding);
  }

  see(chunk: Uint8Array): void {
    if (!this.#isLookedAt) return;
    if (this.#decoded !== null) {
      this.#decoded.write(chunk);
      return;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#decode();
  }

  conclude(): void {
    this.#decode();
    const { exchange } = this;
    exchange.usageLookup =
      this.#decoded?.end().then((edges) => {
        edges?.note(exchange);
      }) ?? null;
  }

  #decode(): void {
    const held = this.#held;
    this.#held = [];
    const [first] = held;
    if (first === undefined) return;
    this.#decoded = new DecodedEdges(this.form, first[0] ?? 0);
    for (const chunk of held) this.#decoded.write(chunk);
  }
}
