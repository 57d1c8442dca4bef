import { type Ejectable } from '../choosing/ejection.js';
import { hashOf } from '../choosing/key-hash.js';
import { type HashedContender } from '../choosing/rendezvous.js';
import { type BackendHealth, type ProbeFinding, UNKNOWN } from './backend-health.js';
import { BackendUse } from './backend-use.js';
import { type BreakerPass, type BreakerState, CircuitBreaker } from './circuit-breaker.js';
import { DecayingSum } from './decaying-sum.js';
import { FailureLoad } from './failure-load.js';
import { MAX_RETRY_AFTER_MS } from './retry-after.js';
import { slowStartShare, TRIAL_SHARE } from './slow-start.js';
import { type Verdict } from './verdict.js';

/**
 * After it a request that was served counts half: long enough to even out a minute of few requests, and
 * short enough that a backend which was away is not sent all that it missed.
 */
const SERVED_HALF_LIFE_MS = 60_000;

/** What a backend is to carry. */
export interface BackendShare {
  /** Against the others' weights; above 0. */
  readonly weight: number;
  /** Most requests at once; 0 is no limit. */
  readonly maxInFlight: number;
}

/** Failed probes in a row after which a backend counts as down. */
const PROBES_TO_BELIEVE = 2;

/** What is known of one backend while it is used: its load, its health, and how long it is held back. */
export class BackendState implements HashedContender, Ejectable {
  readonly nameHash: number;
  /** Called when a request has ended, so that there is room for one that waits. */
  onRoom: (() => void) | null = null;
  readonly #breaker: CircuitBreaker;
  readonly #failures = new FailureLoad();
  readonly #served = new DecayingSum(SERVED_HALF_LIFE_MS);
  #inFlight = 0;
  #heldUntilMs = -Infinity;
  #health: BackendHealth = UNKNOWN;
  #failedProbes = 0;

  /** @param share - may be replaced at any time, by a reload for one. */
  constructor(
    readonly name: string,
    public share: BackendShare,
  ) {
    this.nameHash = hashOf(name);
    this.#breaker = new CircuitBreaker();
  }

  get weight(): number {
    return this.share.weight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isFull(): boolean {
    const { maxInFlight } = this.share;
    return maxInFlight > 0 && this.#inFlight >= maxInFlight;
  }

  get isDown(): boolean {
    return this.#breaker.isDown;
  }

  /** How often failing requests have had it ejected. */
  get ejections(): number {
    return this.#breaker.timesTripped;
  }

  /** The state of its circuit breaker. */
  stateAt(nowMs: number): BreakerState {
    return this.#breaker.stateAt(nowMs);
  }

  /** Whether its circuit breaker lets one more request through. */
  admitsAt(nowMs: number): boolean {
    return this.#breaker.admitsAt(nowMs);
  }

  /** Whether it has asked for a pause (`Retry-After`) that is not over. */
  isHeldAt(nowMs: number): boolean {
    return nowMs < this.#heldUntilMs;
  }

  /** Whether nothing keeps requests away: it is admitted, not held back, and has room. */
  isUntroubledAt(nowMs: number): boolean {
    return this.#breaker.isClosed && !this.isHeldAt(nowMs) && !this.isFull;
  }

  // One that is ejected and used all the same, because too many are, is as doubtful as one on trial.
  // By their full weights two of them would be drawn so often that no budget covers the retries.
  weightAt(nowMs: number): number {
    const { weight } = this.share;
    if (this.#breaker.stateAt(nowMs) !== 'closed') return weight * TRIAL_SHARE;
    return weight * slowStartShare(this.#breaker.recoveredAtMs, nowMs);
  }

  // The ejection was the penalty: what was before must not keep a trial from being made.
  loadAt(nowMs: number): number {
    return this.#inFlight + (this.#isOnTrialAt(nowMs) ? 0 : this.#failures.at(nowMs));
  }

  servedAt(nowMs: number): number {
    return this.#isOnTrialAt(nowMs) ? 0 : this.#served.at(nowMs);
  }

  /** A request goes there. Whoever calls this calls {@link BackendUse.end} as well, however it ends. */
  begin(nowMs: number): BackendUse {
    this.#inFlight++;
    this.#served.add(1, nowMs);
    return new BackendUse(this, this.#breaker.begin(nowMs));
  }

  /** What the latest active probe found. */
  get health(): BackendHealth {
    return this.#health;
  }

  /** An active probe came back. One that fails may be chance: two in a row keep requests away. */
  probed(finding: ProbeFinding, nowMs: number): void {
    this.#health = finding;
    const { status } = finding;
    this.#failedProbes = status === 'down' ? this.#failedProbes + 1 : 0;
    if (status === 'up' || this.#failedProbes >= PROBES_TO_BELIEVE) {
      this.#breaker.probed(status, nowMs);
    }
  }

  /** For {@link BackendUse}. */
  judge(pass: BreakerPass, verdict: Verdict, nowMs: number): void {
    switch (verdict) {
      case 'answered':
        this.#answer(pass, nowMs);
        break;
      case 'limited':
        this.#breaker.abandoned(pass);
        this.#failures.add(nowMs);
        break;
      case 'failed':
        this.#breaker.failed(pass, nowMs);
        this.#failures.add(nowMs);
        break;
      case 'nothing':
        this.#breaker.abandoned(pass);
        break;
      default: {
        const exhaustiveCheck: never = verdict;
        return exhaustiveCheck;
      }
    }
  }

  /**
   * It would not serve what another one may: its key is wrong, or it has not got the model. It is well,
   * but as quick as it says so it must not look idle.
   */
  turnedAway(nowMs: number): void {
    this.#failures.addRefusal(nowMs);
  }

  /** For {@link BackendUse}: not used for so long where there are others, 60 s at most. */
  holdBack(durationMs: number, nowMs: number): void {
    const untilMs = nowMs + Math.min(durationMs, MAX_RETRY_AFTER_MS);
    this.#heldUntilMs = Math.max(this.#heldUntilMs, untilMs);
  }

  /** For {@link BackendUse}. */
  release(pass: BreakerPass): void {
    this.#inFlight--;
    this.#breaker.abandoned(pass);
    this.onRoom?.();
  }

  #answer(pass: BreakerPass, nowMs: number): void {
    const { recoveredAtMs } = this.#breaker;
    this.#breaker.answered(pass, nowMs);
    if (this.#breaker.recoveredAtMs === recoveredAtMs) return;
    this.#failures.clear();
    this.#served.clear();
  }

  #isOnTrialAt(nowMs: number): boolean {
    return this.#breaker.stateAt(nowMs) === 'half-open';
  }
}
