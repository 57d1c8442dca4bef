import { type TokenGaps } from './facts/token-gaps.js';
import { type BodyFilter } from './reply/body-filter.js';
import { type ReplySample } from './reply/reply-sample.js';
import { type ReplyWitness } from './reply/reply-witness.js';
import { type UpstreamFlow } from './reply/upstream-flow.js';
import { type RequestBody } from './request/request-body.js';
import { type RequestEdit } from './request/request-edit.js';
import { type RequestHead } from './request/request-head.js';
import { type Route } from './route.js';
import { type Clock } from './timing/clock.js';

/** The phases that an exchange can end in, in order. */
export const PHASES = ['received', 'reading', 'connecting', 'awaiting-head', 'streaming'] as const;
export type Phase = (typeof PHASES)[number] | 'finished';

export const OUTCOMES = ['completed', 'client_aborted', 'upstream_failed', 'rejected'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What was seen on the way; whoever sees it first notes it. Durations in ms from the start. */
export interface ExchangeFacts {
  requestedModel: string | null;
  /** The client asked for an event stream, or got one. */
  stream: boolean;
  attempts: number;
  /** Start of the latest attempt; null before the first. */
  attemptStartMs: number | null;
  status: number | null;
  /** Of Sluice's own error; null for what a backend says, with a status or within a stream. */
  errorCode: string | null;
  /** Of the request's body. */
  bytesIn: number;
  /** Of the reply's body as the client got it, without its framing. */
  bytesOut: number;
  headersMs: number | null;
  firstByteMs: number | null;
  firstReasoningMs: number | null;
  firstAnswerMs: number | null;
  totalMs: number | null;
  finishReason: string | null;
  /** Whether reasoning was moved, removed or relabelled in the reply. */
  rewritten: boolean;
  /** Blocks of reasoning that were read in the reply's text, by dialect; null while none was. */
  reasoningBlocks: Map<string, number> | null;
  /** Blocks that the text ended within. */
  unclosedBlocks: number;
  /** Tool calls written as text that were left out. */
  droppedCalls: number;
  /** The `usage` object of the reply, as the backend sent it, if it tells tokens. */
  usage: Readonly<Record<string, unknown>> | null;
  /** Between the deliveries of a stream; null while there were fewer than two. */
  gaps: TokenGaps | null;
  /** Those that another one followed or that failed, in order; null while there was none. */
  pastAttempts: PastAttempt[] | null;
  /** The phase in which it ended; null while it runs. */
  endedIn: Phase | null;
}

/** An attempt at a backend that is over and did not answer the client. */
export interface PastAttempt {
  readonly backend: string;
  /** Of its answer; null when none came. */
  readonly status: number | null;
  /** The `code` of the error it would have been; null when it answered. */
  readonly errorCode: string | null;
  /** From its start to its end. */
  readonly durationMs: number;
}

/** One request and its reply: identity, clock, phase, cancellation, flow control. */
export class Exchange {
  readonly facts: ExchangeFacts = {
    requestedModel: null,
    stream: false,
    attempts: 0,
    attemptStartMs: null,
    status: null,
    errorCode: null,
    bytesIn: 0,
    bytesOut: 0,
    headersMs: null,
    firstByteMs: null,
    firstReasoningMs: null,
    firstAnswerMs: null,
    totalMs: null,
    finishReason: null,
    rewritten: false,
    reasoningBlocks: null,
    unclosedBlocks: 0,
    droppedCalls: 0,
    usage: null,
    gaps: null,
    pastAttempts: null,
    endedIn: null,
  };

  /** Made to the request of every attempt, in this order, after its route is chosen. */
  readonly edits: RequestEdit[] = [];

  phase: Phase = 'received';
  /** The route of the latest attempt. */
  route: Route | null = null;
  /** Set once, by whoever knows first how the exchange ends. */
  outcome: Outcome | null = null;
  /** Whoever reads the upstream reply puts its valve here. */
  upstream: UpstreamFlow | null = null;
  /** Takes out of the reply of the backend what was asked for on the exchange's behalf. */
  filter: BodyFilter | null = null;
  /** Shown the rest of that reply as it comes, before anyone rewrites it. */
  witness: ReplyWitness | null = null;
  /** Whether what the reply says is read, and noted, by whoever rewrites it. */
  isReplyRead = false;
  /** The beginning of the reply, while it may have to be counted. */
  sample: ReplySample | null = null;
  /** Settles when a reply that must be decoded first was looked through for its usage. */
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
