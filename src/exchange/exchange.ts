import {
  type ExchangeFacts,
  noFacts,
  type Outcome,
  type PastAttempt,
  type Phase,
} from './facts/exchange-facts.js';
import { type BodyFilter } from './reply/body-filter.js';
import { type ReplySample } from './reply/reply-sample.js';
import { type ReplyWitness } from './reply/reply-witness.js';
import { type UpstreamFlow } from './reply/upstream-flow.js';
import { type RequestBody } from './request/request-body.js';
import { type RequestEdit } from './request/request-edit.js';
import { type RequestHead } from './request/request-head.js';
import { type Route } from './route.js';
import { type Clock } from './timing/clock.js';

/** One request and its reply: identity, clock, phase, cancellation, flow control. */
export class Exchange {
  readonly facts: ExchangeFacts = noFacts();

  /** What is changed in the request of every attempt, in this order, after its route was chosen. */
  readonly edits: RequestEdit[] = [];

  phase: Phase = 'received';
  /** The route of the latest attempt. */
  route: Route | null = null;
  /** Set once, by whoever knows first how the exchange ends. */
  outcome: Outcome | null = null;
  /** Pauses, resumes and cancels the upstream reply; set by whoever reads that. */
  upstream: UpstreamFlow | null = null;
  /** Takes out of the backend's reply what Sluice asked for and the client did not. */
  filter: BodyFilter | null = null;
  /** Sees what the filter leaves of that reply as it comes, before anyone rewrites it. */
  witness: ReplyWitness | null = null;
  /** Whether the rewriter notes what the reply says, so that no witness need read it. */
  isReplyRead = false;
  /** The beginning of the reply's body, as long as its tokens may have to be counted. */
  sample: ReplySample | null = null;
  /** Settles when a compressed reply, decoded after its end, was looked through for its usage. */
  usageLookup: Promise<void> | null = null;

  /** Told when the first token came; set by whoever opened the exchange. */
  onFirstToken: ((exchange: Exchange) => void) | null = null;

  /** Wall clock at the start, in ms since 1970. */
  readonly startedAtMs: number;
  readonly #startMs: number;
  #abort: AbortController | null = null;
  #isEnded = false;

  /** @param id - the `x-request-id`. */
  constructor(
    readonly id: string,
    readonly request: RequestHead,
    readonly body: RequestBody,
    private readonly clock: Clock,
  ) {
    this.startedAtMs = clock.wallMs();
    this.#startMs = clock.monotonicMs();
  }

  get method(): string {
    return this.request.method;
  }

  /** Path of the request target as the client wrote it, without the query. */
  get path(): string {
    return this.request.path;
  }

  /**
   * @param name - in lower case.
   * @returns the field's value, several lines of it joined by commas (RFC 9110 §5.2); null when absent.
   */
  header(name: string): string | null {
    return this.request.header(name);
  }

  /** Milliseconds since the exchange began. */
  elapsedMs(): number {
    return this.clock.monotonicMs() - this.#startMs;
  }

  /** Aborted when the exchange ends, whichever way: what still runs for it has lost its purpose. */
  get signal(): AbortSignal {
    // Most exchanges never need one, and a controller costs more than the rest of this object.
    this.#abort ??= new AbortController();
    if (this.#isEnded) this.#abort.abort();
    return this.#abort.signal;
  }

  /** Text of reasoning came: notes when the first of it did. */
  noteReasoning(): void {
    const { facts } = this;
    if (facts.firstReasoningMs !== null) return;
    facts.firstReasoningMs = this.elapsedMs();
    if (facts.firstAnswerMs === null) this.onFirstToken?.(this);
  }

  /** Text of the answer came: notes when the first of it did. */
  noteAnswer(): void {
    const { facts } = this;
    if (facts.firstAnswerMs !== null) return;
    facts.firstAnswerMs = this.elapsedMs();
    if (facts.firstReasoningMs === null) this.onFirstToken?.(this);
  }

  /** The latest attempt is over, up to now, and does not answer the client. */
  notePastAttempt(attempt: Omit<PastAttempt, 'durationMs'>): void {
    const { facts } = this;
    const durationMs = this.elapsedMs() - (facts.attemptStartMs ?? 0);
    facts.pastAttempts ??= [];
    facts.pastAttempts.push({ ...attempt, durationMs });
  }

  /** Stops the upstream reply until {@link resume}: the client does not keep up. */
  pause(): void {
    this.upstream?.pause();
  }

  resume(): void {
    this.upstream?.resume();
  }

  /** Ends it, once: cancels what still runs upstream and stops reading the request. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.facts.endedIn = this.phase;
    this.phase = 'finished';
    this.facts.bytesIn = this.body.bytesRead;
    this.facts.totalMs = this.elapsedMs();
    this.upstream?.cancel();
    this.upstream = null;
    this.body.release();
    this.#abort?.abort();
  }
}
