import { type AttemptFailure } from './attempt-failure.js';
import { type BackendState } from './backend-state.js';
import { type BreakerPass } from './circuit-breaker.js';
import { verdictOfFailure, verdictOfStatus } from './verdict.js';

/** One attempt at one backend, as far as the backend's state goes. */
export class BackendUse {
  #isOver = false;

  constructor(
    readonly backend: BackendState,
    private readonly pass: BreakerPass,
  ) {}

  /**
   * The head of the reply came.
   *
   * @param retryAfterMs - what its `Retry-After` asks for; null without one. It holds the backend
   * back when it refused the request (429 and what counts as a failure).
   */
  answered(status: number, retryAfterMs: number | null, nowMs: number): void {
    const verdict = verdictOfStatus(status);
    this.backend.judge(this.pass, verdict, nowMs);
    if (retryAfterMs !== null && verdict !== 'answered') {
      this.backend.holdBack(retryAfterMs, nowMs);
    }
  }

  /** No reply came, or it broke off after its head. */
  failed(failure: AttemptFailure, nowMs: number): void {
    this.backend.judge(this.pass, verdictOfFailure(failure), nowMs);
  }

  /** It is over, whichever way; a client that leaves says nothing of the backend. Again: no effect. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.backend.release(this.pass);
  }
}
