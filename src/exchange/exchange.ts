import { type Route } from './route.js';

export type Phase =
  | 'received'
  | 'reading'
  | 'connecting'
  | 'awaiting-head'
  | 'streaming'
  | 'finished';

export type Outcome = 'completed' | 'client_aborted' | 'upstream_failed' | 'rejected';

// More to come with the request, its body, cancellation and flow control.
export interface Exchange {
  /** The `x-request-id`. */
  readonly id: string;
  readonly method: string;
  /** Path of the request target, without the query. */
  readonly path: string;
  readonly phase: Phase;
  readonly route: Route | null;
  readonly outcome: Outcome | null;
  readonly facts: ExchangeFacts;
}

/** What was seen on the way; whoever sees it first notes it. Durations in ms from the start. */
export interface ExchangeFacts {
  requestedModel: string | null;
  /** The client asked for an event stream. */
  stream: boolean;
  attempts: number;
  status: number | null;
  errorCode: string | null;
  bytesIn: number;
  bytesOut: number;
  headersMs: number | null;
  firstByteMs: number | null;
  firstReasoningMs: number | null;
  firstAnswerMs: number | null;
  totalMs: number | null;
  finishReason: string | null;
  /** Whether reasoning was moved, removed or relabelled in the reply. */
  rewritten: boolean;
}
