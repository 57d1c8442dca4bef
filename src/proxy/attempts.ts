import { type Subscriber } from 'rxjs';
import { type Retries } from '../backends/retrying/retries.js';
import {
  type AttemptEnd,
  isWorthRetry,
  type RetryDecision,
} from '../backends/retrying/retry-decision.js';
import { type BackendState } from '../backends/state/backend-state.js';
import { isTurningAway } from '../backends/state/verdict.js';
import { type WaitingRoom } from '../backends/waiting/waiting-room.js';
import { type ExchangeError } from '../exchange/exchange-error.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Reply } from '../exchange/reply/reply.js';
import { modelCallAt } from '../exchange/target/model-call.js';
import { type Clock } from '../exchange/timing/clock.js';
import { Candidates } from './candidates.js';
import { allBusy, allDown, outOfTime, waitedInVain } from './refusals.js';
import { isRepeatable } from './request-needs.js';
import { type RoutePlan } from './route-plan.js';
import { type AttemptListener, UpstreamAttempt } from './upstream-attempt.js';
import { clientError, type UpstreamFailure } from './upstream-failure.js';
import { type UpstreamClient } from './upstream.client.js';

/** What all attempts at one exchange share. */
export interface AttemptsParts {
  readonly exchange: Exchange;
  readonly client: UpstreamClient;
  readonly retries: Retries;
  readonly room: WaitingRoom;
  readonly clock: Clock;
  /** Where the answer goes, or the error that stands for it. */
  readonly replies: Subscriber<Reply>;
}

/** What the client gets when no further attempt is made. */
type Ending =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'error'; readonly error: ExchangeError };

type Retry = Extract<RetryDecision, { readonly kind: 'retry' }>;

/** The attempts at one exchange, until one is answered or none may follow. */
export class Attempts implements AttemptListener {
  readonly #candidates: Candidates;
  /** Attempts made before, where the exchange is carried once more with another request. */
  readonly #attemptsBefore: number;
  #current: UpstreamAttempt | null = null;
  #isAnswered = false;
  /** Ends the wait for a backend with room, or for the next attempt. */
  #stopWaiting: (() => void) | null = null;

  /** @param plan - who may answer it, and how one of them is chosen */
  constructor(
    private readonly parts: AttemptsParts,
    private readonly plan: RoutePlan,
  ) {
    this.#candidates = new Candidates(parts.exchange, plan, parts.clock);
    this.#attemptsBefore = parts.exchange.facts.attempts;
  }

  /** Makes the first attempt, now or when a backend has room. */
  start(): void {
    const asked = this.#candidates.askedBefore();
    if (asked !== null) {
      this.#attempt(asked);
      return;
    }
    this.parts.retries.noteRequest();
    const choice = this.#candidates.choose();
    switch (choice.kind) {
      case 'chosen':
        this.#attempt(choice.backend);
        return;
      case 'full':
        this.#wait();
        return;
      case 'none':
        this.parts.replies.error(allDown(this.plan.serving.tiers.flat().map(({ name }) => name)));
        return;
      default: {
        const exhaustiveCheck: never = choice;
        return exhaustiveCheck;
      }
    }
  }

  /** Cancels what runs or waits, as long as there is no answer. */
  cancel(): void {
    if (this.#isAnswered) return;
    this.#stopWaiting?.();
    this.#current?.cancel();
  }

  onReply(reply: Reply, attempt: UpstreamAttempt): void {
    const { status } = reply;
    if (isTurningAway(status) && this.#isBalanced(attempt.backend)) {
      attempt.backend.turnedAway(this.parts.clock.monotonicMs());
    }
    const ending: Ending = { kind: 'reply', reply };
    if (isWorthRetry(status)) this.#continue({ kind: 'status', status }, attempt, ending);
    else this.#end(ending);
  }

  onFailure(failure: UpstreamFailure, attempt: UpstreamAttempt): void {
    const error = clientError(failure, attempt.backend.name);
    const end: AttemptEnd = { kind: 'failure', failure: attempt.failureOf(failure) };
    this.#continue(end, attempt, { kind: 'error', error });
  }

  /**
   * Whether the load of a backend had a say in where the exchange went. What nobody balances is no
   * reason to turn elsewhere: a scan for paths that are not there, or a model that no other serves.
   */
  #isBalanced(backend: BackendState): boolean {
    const { serving, preference } = this.plan;
    const isModelCall = modelCallAt(this.parts.exchange.path) !== null;
    return isModelCall && preference.by !== 'order' && serving.isShared(backend);
  }

  /** @param chosen - another one takes its place where it has no time left */
  #attempt(chosen: BackendState): void {
    const { exchange, client, clock, replies } = this.parts;
    const { serving, model } = this.plan;
    const backend = this.#candidates.hasTime(chosen) ? chosen : this.#candidates.other();
    if (backend === null) {
      replies.error(outOfTime(chosen.name));
      return;
    }
    const use = backend.begin(clock.monotonicMs());
    const route = serving.routeTo(backend, model);
    this.#current = new UpstreamAttempt({ exchange, route, use, clock, listener: this });
    try {
      this.#current.start(client);
    } catch (error) {
      this.#current.cancel();
      replies.error(error);
    }
  }

  #wait(): void {
    const leave = this.parts.room.join({
      serving: this.plan.serving,
      choose: () => {
        const choice = this.#candidates.choose();
        return choice.kind === 'chosen' ? choice.backend : null;
      },
      go: (backend) => {
        this.#stopWaiting = null;
        this.#attempt(backend);
      },
      expire: () => {
        this.#stopWaiting = null;
        this.parts.replies.error(waitedInVain());
      },
    });
    this.#stopWaiting = leave;
    if (leave === null) this.parts.replies.error(allBusy());
  }

  /** Makes another attempt if that may be, else ends. Never called once a reply has gone out. */
  #continue(end: AttemptEnd, { backend }: UpstreamAttempt, ending: Ending): void {
    const { exchange, retries } = this.parts;
    this.#candidates.noteTried(backend);
    const hasOther = this.#candidates.other() !== null;
    const decision: RetryDecision =
      hasOther || this.#candidates.hasTime(backend)
        ? retries.decide({
            end,
            backend: backend.name,
            attempts: exchange.facts.attempts - this.#attemptsBefore,
            isRepeatable: isRepeatable(exchange.method, exchange.path),
            isReplayable: exchange.body.isReplayable,
            hasOther,
          })
        : { kind: 'pass' };
    if (decision.kind === 'retry' || ending.kind === 'error') this.#noteFailed(backend, ending);
    if (decision.kind === 'pass') this.#end(ending);
    else if (decision.delayMs === 0) this.#repeat(decision, backend, ending);
    else this.#repeatLater(decision, backend, ending);
  }

  #repeatLater(retry: Retry, failed: BackendState, ending: Ending): void {
    const timer = setTimeout(() => {
      this.#stopWaiting = null;
      this.#repeat(retry, failed, ending);
    }, retry.delayMs);
    this.#stopWaiting = () => {
      clearTimeout(timer);
    };
  }

  /** Keeps what became of the current attempt, which did not answer the client. */
  #noteFailed(backend: BackendState, ending: Ending): void {
    this.parts.exchange.notePastAttempt({
      backend: backend.name,
      status: ending.kind === 'reply' ? ending.reply.status : null,
      errorCode: ending.kind === 'error' ? ending.error.code : null,
    });
  }

  /** What was there before the wait may be gone: then the client gets what there is. */
  #repeat({ on }: Retry, failed: BackendState, ending: Ending): void {
    const backend = on === 'same' ? this.#candidates.again(failed) : this.#candidates.other();
    if (backend === null) {
      // So it did answer the client.
      if (ending.kind === 'reply') this.parts.exchange.facts.pastAttempts?.pop();
      this.#end(ending);
      return;
    }
    // A reply that is not passed on is not read either.
    this.#current?.cancel();
    this.#attempt(backend);
  }

  #end(ending: Ending): void {
    const { replies } = this.parts;
    if (ending.kind === 'error') {
      replies.error(ending.error);
      return;
    }
    this.#isAnswered = true;
    replies.next(ending.reply);
    replies.complete();
  }
}
