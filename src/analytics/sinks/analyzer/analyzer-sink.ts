import { guarded } from '../../../exchange/exchange.events.js';
import { type Analyzer, type StartedExchange } from '../../analyzer.js';
import { OccasionalLog } from '../../occasional-log.js';
import { type ExchangeRecord } from '../../record/exchange-record.js';
import { withLimit } from '../../time-limit.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { type AnalyzerSource, loadAnalyzer } from './load-analyzer.js';

/** Longest wait for a promise of an analyzer. */
const CALL_LIMIT_MS = 30_000;

/** How an analyzer is called in the log, and how long each call of it may take. */
export interface AnalyzerSinkOptions {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Default 30 s. */
  readonly limitMs?: number;
}

/** Sees bytes of a reply as they pass; never throws. */
export type ChunkListener = (exchangeId: string, bytes: Uint8Array) => void;

/** A user's own analyzer as a sink, behind a guard: nothing that it does reaches anybody else. */
export class AnalyzerSink implements Sink {
  readonly name: string;
  readonly #log: OccasionalLog;
  readonly #limitMs: number;
  #analyzer: Analyzer | null = null;
  #failures = 0;

  constructor(
    private readonly source: AnalyzerSource,
    { name, wallMs, limitMs = CALL_LIMIT_MS }: AnalyzerSinkOptions,
  ) {
    this.name = name;
    this.#limitMs = limitMs;
    this.#log = new OccasionalLog(wallMs, { msg: 'analyzer failed', sink: name });
  }

  /** Calls that threw, rejected or took too long. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Makes the analyzer, once. Called at the start, so that a broken file ends it.
   *
   * @throws ConfigError that names the file and what is wrong with it
   */
  async load(): Promise<void> {
    this.#analyzer ??= await loadAnalyzer(this.source);
  }

  /** Gives the analyzer's look at the start of exchanges, null when it has none. */
  get started(): ((exchange: StartedExchange) => void) | null {
    const analyzer = this.#analyzer;
    if (analyzer?.onStarted === undefined) return null;
    return (exchange) => {
      this.#guarded(() => analyzer.onStarted?.(exchange));
    };
  }

  /** Gives the analyzer's look at replies, null when it has none: then none need be tapped. */
  get chunk(): ChunkListener | null {
    const analyzer = this.#analyzer;
    if (analyzer?.onChunk === undefined) return null;
    return (exchangeId, bytes) => {
      // A copy: the client gets these very bytes, after this.
      this.#guarded(() => analyzer.onChunk?.(exchangeId, new Uint8Array(bytes)));
    };
  }

  open(): Promise<void> {
    return this.load();
  }

  async write(batch: RecordBatch): Promise<void> {
    const records = batch.records();
    const analyzer = this.#analyzer;
    if (analyzer?.write !== undefined) {
      try {
        await withLimit(this.#limitMs, async () => analyzer.write?.(records));
      } catch (error) {
        this.#failed(error);
        throw error;
      }
    }
    // After what may be asked of it again, so that each record is told once.
    if (analyzer?.onFinished !== undefined) await this.#tell(analyzer, records);
  }

  async close(): Promise<void> {
    const analyzer = this.#analyzer;
    try {
      await withLimit(this.#limitMs, async () => analyzer?.close?.());
    } catch (error) {
      this.#failed(error);
    }
  }

  /** All at once, within one limit: an analyzer that never answers holds up a batch, not each record. */
  async #tell(analyzer: Analyzer, records: readonly ExchangeRecord[]): Promise<void> {
    const calls = records.map(async (record) => {
      try {
        await analyzer.onFinished?.(record);
      } catch (error) {
        this.#failed(error);
      }
    });
    try {
      await withLimit(this.#limitMs, () => Promise.all(calls));
    } catch (error) {
      this.#failed(error);
    }
  }

  #guarded(call: () => unknown): void {
    guarded(call, (error) => {
      this.#failed(error);
    });
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#log.warn(error);
  }
}
