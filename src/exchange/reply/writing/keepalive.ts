import { type Clock } from '../../timing/clock.js';
import { CoarseTimeout } from '../../timing/coarse-timeout.js';

/** Calls back after each stretch of silence. One timer, armed anew only when it fires. */
export class Keepalive {
  #timer: CoarseTimeout;
  #lastMs: number;

  constructor(
    private readonly silenceMs: number,
    private readonly clock: Clock,
    private readonly onSilence: () => void,
  ) {
    this.#lastMs = clock.monotonicMs();
    this.#timer = new CoarseTimeout(silenceMs, this.#check);
  }

  /** Something was sent. */
  touch(): void {
    this.#lastMs = this.clock.monotonicMs();
  }

  stop(): void {
    this.#timer.stop();
  }

  readonly #check = (): void => {
    const quietMs = this.clock.monotonicMs() - this.#lastMs;
    // A timer may fire a fraction of a millisecond early.
    const restMs = Math.ceil(this.silenceMs - quietMs);
    this.#timer = new CoarseTimeout(restMs > 0 ? restMs : this.silenceMs, this.#check);
    if (restMs > 0) return;
    this.touch();
    this.onSilence();
  };
}
