import { type Sink } from '../sinks/sink.js';
import { StoreError } from '../store/store-error.js';
import { withLimit } from '../time-limit.js';

/** Recovering a database takes seconds; what takes longer is worth being told. */
const LIMIT_MS = 30_000;

/**
 * Opens a sink without waiting for ever. What hangs may hold one of Node's four threads for files
 * and names, so a sink is never opened again before the last attempt has ended, however late.
 */
export class Opening {
  #pending: Promise<void> | null = null;

  /** @param limitMs - longest wait for an attempt; 30 s. */
  constructor(
    private readonly sink: Pick<Sink, 'open'>,
    private readonly limitMs = LIMIT_MS,
  ) {}

  /** @throws what the sink throws; StoreError `timed-out` when an attempt has not ended in time */
  async open(): Promise<void> {
    const attempt = (this.#pending ??= this.#attempt());
    await withLimit(
      this.limitMs,
      () => attempt,
      () => new StoreError('timed-out', `opening it takes more than ${this.limitMs} ms`),
    );
  }

  #attempt(): Promise<void> {
    return this.sink.open().finally(() => {
      this.#pending = null;
    });
  }
}
