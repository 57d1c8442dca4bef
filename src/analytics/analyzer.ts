import { type ExchangeRecord } from './record/exchange-record.js';

export type { ExchangeRecord } from './record/exchange-record.js';

/** What is known of an exchange when it begins. */
export interface StartedExchange {
  /** The `x-request-id`, which a client may choose: not necessarily unique. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Request fields by name in lower case: those of a short list that holds no credential. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What a file named in `analytics.sinks` may do with exchanges. Every method may be left out, and
 * any may throw or reject: it is logged and counted, and no exchange notices. They run in the
 * gateway's own thread, so what computes for long delays every answer.
 */
export interface Analyzer {
  /** An exchange has begun. */
  onStarted?(started: StartedExchange): void | Promise<void>;
  /**
   * Bytes of a reply have come, cut anywhere. Only called where there is such a method; they are a
   * copy, which the analyzer may keep and change.
   */
  onChunk?(exchangeId: string, bytes: Uint8Array): void | Promise<void>;
  /** An exchange has ended; called some time after, once for each. */
  onFinished?(record: ExchangeRecord): void | Promise<void>;
  /**
   * Keeps records. When it throws, rejects or takes longer than half a minute it is called again with
   * the same records, also after a restart, so a `record_id` may come twice.
   */
  write?(records: readonly ExchangeRecord[]): void | Promise<void>;
  /** The gateway stops. */
  close?(): void | Promise<void>;
}

/**
 * The default export of such a file: a function that gives an analyzer, or a class of which one is
 * made.
 *
 * @param options - `options` of its entry in `analytics.sinks`, as they are.
 */
export type AnalyzerFactory = (
  options: Readonly<Record<string, unknown>>,
) => Analyzer | Promise<Analyzer>;
