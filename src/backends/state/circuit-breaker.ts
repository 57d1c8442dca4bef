import { RecentCount } from './recent-count.js';

/** `closed` serves, `open` does not, `half-open` serves a few to see whether it is well again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

interface BreakerPolicy {
  /** So many failures without an answer between them open it. */
  readonly consecutiveFailures: number;
  /** Share of recent requests that opens it when they fail. */
  readonly failureRate: number;
  /** Recent requests below which their share says nothing. */
  readonly minRequests: number;
  /** What counts as recent. */
  readonly windowMs: number;
  /** The first ejection; each further one lasts twice as long as the one before. */
  readonly baseEjectionMs: number;
  readonly maxEjectionMs: number;
  /** Closed for so long, its past ejections are forgotten. */
  readonly forgiveAfterMs: number;
  /** Most requests at once while half-open. */
  readonly halfOpenRequests: number;
}

const POLICY: BreakerPolicy = {
  consecutiveFailures: 5,
  failureRate: 0.5,
  minRequests: 20,
  windowMs: 10_000,
  baseEjectionMs: 5000,
  maxEjectionMs: 300_000,
  forgiveAfterMs: 300_000,
  halfOpenRequests: 3,
};

/** One request under the eyes of the breaker, from {@link CircuitBreaker.begin}. */
export interface BreakerPass {
  readonly epoch: number;
  /** Whether it takes one of the half-open places. */
  isTrial: boolean;
  /** Whether it is among the recent requests already. */
  isCounted: boolean;
}

const WINDOW_BUCKETS = 10;

/**
 * Decides whether a backend may be used, from how requests to it and probes of it ended. Opened by
 * failures it lets a few requests through when the ejection is over; opened by a probe it waits for
 * the next probe that succeeds. Every time is in ms of one clock that never goes back.
 *
 * ```
 * closed ──failures──▶ tripped: open until T ──T──▶ tripped: half-open ──answer──▶ closed
 *                         ▲                              │      ▲
 *                         └───────────failure────────────┘      │ T = now
 * any ──probe finds it down──▶ down: open ──────probe finds it up┘
 * ```
 */
export class CircuitBreaker {
  readonly #requests: RecentCount;
  readonly #failures: RecentCount;
  #mode: 'closed' | 'tripped' | 'down' = 'closed';
  #openUntilMs = 0;
  #ejections = 0;
  #timesTripped = 0;
  #consecutive = 0;
  #trials = 0;
  /** Grows with each opening: what began before it says nothing of the time after. */
  #epoch = 0;
  #recoveredAtMs: number | null = null;

  constructor() {
    const { windowMs } = POLICY;
    this.#requests = new RecentCount({ windowMs, buckets: WINDOW_BUCKETS });
    this.#failures = new RecentCount({ windowMs, buckets: WINDOW_BUCKETS });
  }

  get isClosed(): boolean {
    return this.#mode === 'closed';
  }

  /** Whether the last probe found it down. */
  get isDown(): boolean {
    return this.#mode === 'down';
  }

  /** How often failing requests have opened it, ever. */
  get timesTripped(): number {
    return this.#timesTripped;
  }

  /** When it last closed after having been open; null while it never was. */
  get recoveredAtMs(): number | null {
    return this.#recoveredAtMs;
  }

  stateAt(nowMs: number): BreakerState {
    if (this.#mode === 'closed') return 'closed';
    return this.#mode === 'tripped' && nowMs >= this.#openUntilMs ? 'half-open' : 'open';
  }

  /** Whether one more request may go there. */
  admitsAt(nowMs: number): boolean {
    const state = this.stateAt(nowMs);
    return state === 'half-open' ? this.#trials < POLICY.halfOpenRequests : state === 'closed';
  }

  /**
   * A request goes there, admitted or for want of anything better. Its end must be told:
   * {@link answered}, {@link failed} or {@link abandoned}.
   */
  begin(nowMs: number): BreakerPass {
    const isTrial = this.stateAt(nowMs) === 'half-open';
    if (isTrial) this.#trials++;
    return { epoch: this.#epoch, isTrial, isCounted: false };
  }

  /** The head of a good answer came. The body may still fail: {@link failed} may follow. */
  answered(pass: BreakerPass, nowMs: number): void {
    if (pass.epoch !== this.#epoch) return;
    this.#endTrial(pass);
    if (this.#mode === 'tripped') this.#close(nowMs);
    if (!pass.isCounted) this.#requests.add(nowMs);
    pass.isCounted = true;
    this.#consecutive = 0;
  }

  /** No good answer came, or it broke off. */
  failed(pass: BreakerPass, nowMs: number): void {
    if (pass.epoch !== this.#epoch) return;
    this.#endTrial(pass);
    if (this.#mode === 'closed') this.#countFailure(pass, nowMs);
    else if (this.stateAt(nowMs) === 'half-open') this.#trip(nowMs);
  }

  /** It ended in a way that says nothing of the backend: a client that left, a limit on requests. */
  abandoned(pass: BreakerPass): void {
    if (pass.epoch === this.#epoch) this.#endTrial(pass);
  }

  /**
   * What an active probe found. One that succeeds brings back what a probe had found down; what
   * failing requests have opened serves its time: it may well answer probes and nothing else.
   */
  probed(found: 'up' | 'down', nowMs: number): void {
    if (found === 'down' && this.#mode !== 'down') this.#open('down');
    if (found === 'up' && this.#mode === 'down') {
      this.#mode = 'tripped';
      this.#openUntilMs = nowMs;
    }
  }

  #countFailure(pass: BreakerPass, nowMs: number): void {
    const { consecutiveFailures, failureRate, minRequests } = POLICY;
    if (!pass.isCounted) this.#requests.add(nowMs);
    pass.isCounted = true;
    this.#failures.add(nowMs);
    this.#consecutive++;
    const requests = this.#requests.totalAt(nowMs);
    const isRateTooHigh =
      requests >= minRequests && this.#failures.totalAt(nowMs) >= failureRate * requests;
    if (this.#consecutive >= consecutiveFailures || isRateTooHigh) this.#trip(nowMs);
  }

  #trip(nowMs: number): void {
    const { baseEjectionMs, maxEjectionMs, forgiveAfterMs } = POLICY;
    const wasWellForMs = this.#mode === 'closed' ? nowMs - (this.#recoveredAtMs ?? nowMs) : 0;
    if (wasWellForMs >= forgiveAfterMs) this.#ejections = 0;
    this.#openUntilMs = nowMs + Math.min(baseEjectionMs * 2 ** this.#ejections, maxEjectionMs);
    this.#ejections++;
    this.#timesTripped++;
    this.#open('tripped');
  }

  #open(mode: 'tripped' | 'down'): void {
    this.#mode = mode;
    this.#epoch++;
    this.#trials = 0;
  }

  #close(nowMs: number): void {
    this.#mode = 'closed';
    this.#recoveredAtMs = nowMs;
    this.#requests.clear();
    this.#failures.clear();
    this.#consecutive = 0;
  }

  #endTrial(pass: BreakerPass): void {
    if (pass.isTrial) this.#trials--;
    pass.isTrial = false;
  }
}
