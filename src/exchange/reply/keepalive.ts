import { type Clock } from '../timing/clock.js';
import { CoarseTimeout } from '../timing/coarse-timeout.js';

/** A comment line of an event stream, which every client skips (WHATWG HTML §9.2.5). */
export const KEEPALIVE_COMMENT = Buffer.from(': keepalive\n\n');

/**
 * The same without a blank line, within an event and for streams whose events have IDs: once they saw an ID some clients,
 * OpenAI's own for Python among them, take every blank line for the end of an event.
 */
export const KEEPALIVE_LINE = Buffer.from(': keepalive\n');

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
