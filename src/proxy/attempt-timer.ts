import { type TimedPhase } from '../backends/state/attempt-failure.js';
import { type TimeoutsConfig } from '../config/typed/timeouts-config.js';
import { type Clock } from '../exchange/timing/clock.js';
import { CoarseTimeout } from '../exchange/timing/coarse-timeout.js';

type Deadlines = Record<Exclude<TimedPhase, 'connect'>, number>;

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Times the phases of an attempt once it is connected, and knows whose silence is whose: only while it
 * is the backend's turn does one count against it. One timer for all limits, armed for the nearest
 * deadline and looked at only when it fires: a chunk costs a clock reading, no timer.
 */
export class AttemptTimer {
  readonly #deadlines: Deadlines = {
    headers: NEVER,
    first_token: NEVER,
    idle: NEVER,
    total: NEVER,
  };
  #timer: CoarseTimeout | null = null;
  #armedForMs = NEVER;
  #isStopped = false;
  /** The limit that a silence of the backend has now; null until the connection stands. */
  #silence: 'headers' | 'idle' | null = null;
  #isSent = false;
  /** Whether it is the backend's turn: the request was sent, or it takes no more of it. */
  #isAwaited = false;
  #isHeld = false;

  /** @param startMs - when the exchange began, by the clock */
  constructor(
    private readonly timeouts: TimeoutsConfig,
    private readonly clock: Clock,
    private readonly startMs: number,
    private readonly onTimeout: (phase: TimedPhase) => void,
  ) {}

  /** Whether the client does not keep up. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The connection stands. */
  connected(): void {
    this.#silence = 'headers';
  }

  /** All of the request has left. */
  requestSent(): void {
    this.#isSent = true;
    this.#await();
  }

  /** The backend takes no more of an upload: it is as silent as one that does not answer. */
  uploadStopped(): void {
    this.#await();
  }

  /** The backend takes more of an upload, so that it is the client's turn until all has left. */
  uploadContinued(): void {
    if (this.#isSent) return;
    this.#isAwaited = false;
    this.end('headers');
    this.end('idle');
  }

  /** The head of the reply came. */
  headCame(): void {
    this.end('headers');
    this.#silence = 'idle';
    this.#timeSilence();
  }

  /** Bytes of the reply came. */
  bytesCame(): void {
    this.#timeSilence();
  }

  /** The client does not keep up: silence that it imposes is not the backend's. */
  hold(): void {
    this.#isHeld = true;
    this.end('idle');
  }

  /** The client keeps up again. */
  release(): void {
    this.#isHeld = false;
    this.#timeSilence();
  }

  /**
   * Begins the limit of a phase, 0 being none. Limits on silence (`headers`, `idle`) run from now;
   * `first_token` and `total`, which bound what the client waits for, from the start of the exchange.
   */
  begin(phase: keyof Deadlines): void {
    const limitMs = limitOf(this.timeouts, phase);
    if (limitMs === 0 || this.#isStopped) return;
    const nowMs = this.clock.monotonicMs();
    const isSilence = phase === 'headers' || phase === 'idle';
    const deadlineMs = limitMs + (isSilence ? nowMs : this.startMs);
    this.#deadlines[phase] = deadlineMs;
    if (deadlineMs < this.#armedForMs) this.#arm(deadlineMs, deadlineMs - nowMs);
  }

  /** The phase is over, or does not count for now. */
  end(phase: keyof Deadlines): void {
    this.#deadlines[phase] = NEVER;
  }

  /** The attempt is over: nothing is timed any more. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.stop();
    this.#timer = null;
  }

  #await(): void {
    this.#isAwaited = true;
    this.#timeSilence();
  }

  #timeSilence(): void {
    if (this.#silence === null || !this.#isAwaited || this.#isHeld) return;
    this.begin(this.#silence);
  }

  #arm(deadlineMs: number, inMs: number): void {
    this.#timer?.stop();
    this.#armedForMs = deadlineMs;
    this.#timer = new CoarseTimeout(inMs, this.#check);
  }

  readonly #check = (): void => {
    this.#armedForMs = NEVER;
    const nowMs = this.clock.monotonicMs();
    const [phase, deadlineMs] = this.#nearest();
    if (deadlineMs <= nowMs) this.onTimeout(phase);
    else if (deadlineMs !== NEVER) this.#arm(deadlineMs, deadlineMs - nowMs);
  };

  #nearest(): [phase: TimedPhase, deadlineMs: number] {
    const { headers, first_token, idle, total } = this.#deadlines;
    const nearestMs = Math.min(headers, first_token, idle, total);
    if (nearestMs === headers) return ['headers', headers];
    if (nearestMs === first_token) return ['first_token', first_token];
    return nearestMs === idle ? ['idle', idle] : ['total', total];
  }
}

function limitOf(timeouts: TimeoutsConfig, phase: keyof Deadlines): number {
  switch (phase) {
    case 'headers':
      return timeouts.headersMs;
    case 'first_token':
      return timeouts.firstTokenMs;
    case 'idle':
      return timeouts.idleMs;
    case 'total':
      return timeouts.totalMs;
    default: {
      const exhaustiveCheck: never = phase;
      return exhaustiveCheck;
    }
  }
}
