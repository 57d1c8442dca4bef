import {
  type AttemptRecord,
  type ExchangeRecord,
} from '../../../src/analytics/record/exchange-record.js';
import { type RawClient } from '../../support/client/raw-client.js';
import { type UpstreamTurn } from '../../support/upstream/scripted-upstream.js';

/** Tokens as the scripted backend says them. */
export interface Tokens {
  readonly prompt: number;
  readonly completion: number;
}

/** What the client got. */
export interface Seen {
  /** Null where no head came. */
  readonly status: number | null;
  /** Body bytes without their framing. */
  readonly bytes: number;
  /** `x-sluice-attempts`; null where no head said it. */
  readonly attempts: number | null;
}

/** What each side waits for before it goes on. */
export interface Barriers {
  /** The gateway has the head of the request. */
  readonly started: Promise<void>;
  /** The request has reached a backend. */
  readonly reached: Promise<void>;
  /** The gateway has begun to connect to a backend. */
  readonly connecting: () => Promise<void>;
  /** The gateway has the whole body, and has done at once what it does with it. */
  readonly bodyRead: () => Promise<void>;
  /** The client has seen what the backend sent so far. */
  readonly clientSaw: Promise<void>;
  readonly noteClientSaw: () => void;
}

/** Fields of a record: values, or matchers of what nobody can know beforehand. */
export type ExpectedFields = Readonly<Partial<Record<keyof ExchangeRecord, unknown>>>;

export type ExpectedAttempt = Omit<AttemptRecord, 'duration_ms'>;

/** One kind of exchange: what each of the three sides does, and what the record has to say. */
export interface ExchangeCase {
  readonly name: string;
  /** The request, the `x-request-id` in it. */
  readonly request: (id: string) => string;
  /** What the scripted backend does; never asked where the request does not get so far. */
  readonly serve: (turn: UpstreamTurn, tokens: Tokens, barriers: Barriers) => Promise<void>;
  /** What the client does after it sent the request. */
  readonly receive: (client: RawClient, barriers: Barriers) => Promise<Seen>;
  /** What the record says other than of a chat completion in JSON without usage. */
  readonly record: ExpectedFields;
  /** The attempts that the record lists; by default each of `asked` was answered with 200. */
  readonly attempts?: (asked: readonly string[]) => readonly ExpectedAttempt[];
  /** Whether the record says the backend's tokens. */
  readonly isMetered: boolean;
}

/** An attempt at each of the backends, all with the same end. */
export function eachWith(
  end: Pick<AttemptRecord, 'status' | 'error_code'>,
): (asked: readonly string[]) => readonly ExpectedAttempt[] {
  return (asked) => asked.map((backend) => ({ backend, ...end }));
}

export const unasked = (): Promise<void> =>
  Promise.reject(new Error('no backend should have been asked'));

/** What the record says of a request that reached no backend. */
export const UNREACHED = {
  ...{ backend: null, model: null, attempts: 0, headers_ms: null, phase: 'reading' },
} as const;
