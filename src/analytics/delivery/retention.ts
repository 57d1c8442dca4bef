import { Logger } from '@nestjs/common';
import { errorText } from '../occasional-log.js';
import { type Sink } from '../sinks/sink.js';

const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Where old records are deleted, and what is old. */
export interface RetentionOptions {
  readonly sinks: readonly Sink[];
  /** How long records are kept, asked each time; 0 keeps them for ever. */
  readonly days: () => number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** Has records deleted that are too old: a minute after the start, and then once an hour. */
export class Retention {
  readonly #logger = new Logger('Analytics');
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(private readonly options: RetentionOptions) {}

  start(): void {
    this.#next(FIRST_AFTER_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Deletes now, in one sink after the other. Never rejects. */
  async apply(): Promise<void> {
    const days = this.options.days();
    if (days === 0) return;
    const startedBeforeMs = this.options.wallMs() - days * DAY_MS;
    for (const sink of this.options.sinks) {
      try {
        await sink.deleteBefore?.(startedBeforeMs);
      } catch (error) {
        const fields = { sink: sink.name, error: errorText(error) };
        this.#logger.warn({ msg: 'old records were not deleted', ...fields });
      }
    }
  }

  #next(afterMs: number): void {
    this.#timer = setTimeout(() => {
      // The next begins when this one has ended, however long it took.
      void this.apply().then(() => {
        if (!this.#isStopped) this.#next(EVERY_MS);
      });
    }, afterMs).unref();
  }
}
