/**
 * Chunks that arrive in one tick, to go on as one: a packet of an event stream often holds a dozen
 * events, each a chunk of its own, and whoever handles a chunk pays for it by the piece. Bounded by
 * what one read of the upstream socket brings.
 */
export class ChunkBatch {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isDue = false;

  /** @param onTick - called once after each tick in which {@link schedule} was. */
  constructor(private readonly onTick: () => void) {}

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.schedule();
  }

  /** Asks for the call after this tick, whether or not there are chunks. */
  schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    process.nextTick(this.#tick);
  }

  /** Everything in one piece, which is then no longer here; null when there is nothing. */
  take(): Uint8Array | null {
    const [first, second] = this.#chunks;
    if (first === undefined) return null;
    const all = second === undefined ? first : Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    return all;
  }

  readonly #tick = (): void => {
    this.#isDue = false;
    this.onTick();
  };
}
