import { type TokenGaps } from './token-gaps.js';

/** The phases that an exchange can end in, in order. */
export const PHASES = ['received', 'reading', 'connecting', 'awaiting-head', 'streaming'] as const;

/** Where an exchange is: from its request to its end. */
export type Phase = (typeof PHASES)[number] | 'finished';

/** How an exchange can end, in the order in which answers list them. */
export const OUTCOMES = ['completed', 'client_aborted', 'upstream_failed', 'rejected'] as const;

/**
 * How an exchange ended: with all of its reply delivered, by its client leaving, by its backend
 * failing, or by a refusal of Sluice's own.
 */
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What was seen of an exchange on its way; whoever sees it first notes it. Logs, metrics and records are
 * made of this when it has ended. Durations in milliseconds from its start; null is what was not seen.
 */
export interface ExchangeFacts {
  /** The model that the request's JSON names; also null where nobody read that. */
  requestedModel: string | null;
  /** Whether the client asked for an event stream, or got one. */
  stream: boolean;
  /** How many attempts were begun. */
  attempts: number;
  /** Start of the latest attempt; null before the first. */
  attemptStartMs: number | null;
  /** The status that the client got. */
  status: number | null;
  /** The `code` of Sluice's own error; null for what a backend says, with a status or within a stream. */
  errorCode: string | null;
  /** Bytes of the request's body, as far as it was read. */
  bytesIn: number;
  /** Bytes of the reply's body as the client got it, without its framing. */
  bytesOut: number;
  /** Until the head of the reply was there to be sent. */
  headersMs: number | null;
  /** Until the first byte of the reply's body was written to the client. */
  firstByteMs: number | null;
  /** Until the backend sent the first text of reasoning. */
  firstReasoningMs: number | null;
  /** Until the backend sent the first of the answer: text, a refusal or a tool call. */
  firstAnswerMs: number | null;
  /** Until the end. */
  totalMs: number | null;
  /** Why the model stopped, in the backend's word. */
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
  /** The times between the deliveries of a stream; null while there were fewer than two. */
  gaps: TokenGaps | null;
  /** Attempts that another one followed or that failed, in order; null while there was none. */
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
  /** In milliseconds, from its start to its end. */
  readonly durationMs: number;
}

/** What is known of an exchange that begins: nothing. */
export function noFacts(): ExchangeFacts {
  return {
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
}
