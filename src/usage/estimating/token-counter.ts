import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { messageOf } from '../../errors/error-message.js';
import { type CountJob, type TokenCounts } from './count-job.js';
import { frameBytes, MAX_FRAME_BYTES } from './process/count-frame.js';
import { CountingChild } from './process/counting-child.js';

/** The bounds of what waits to be counted, and of the process that counts. */
export interface TokenCounterOptions {
  /** Most jobs that wait or run. */
  readonly maxJobs: number;
  /** Most bytes of them together. */
  readonly maxBytes: number;
  /** Milliseconds without a job after which the process ends; it takes 130 MB. */
  readonly idleMs: number;
  /**
   * Milliseconds in which the next job has to be done, or the process is killed: many, since it
   * runs on what time others leave over.
   */
  readonly answerMs: number;
  /** Milliseconds after the process has failed in which no other is started. */
  readonly pauseMs: number;
}

const DEFAULTS: TokenCounterOptions = {
  maxJobs: 100,
  maxBytes: 8 * 1024 * 1024,
  idleMs: 60_000,
  answerMs: 30_000,
  pauseMs: 5_000,
};

/** Counts tokens in a process of its own, which is there only while there is something to count. */
export class TokenCounter implements OnApplicationShutdown {
  readonly #logger = new Logger('Usage');
  readonly #options: TokenCounterOptions;
  #child: CountingChild | null = null;
  #idle: NodeJS.Timeout | null = null;
  #pause: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: Partial<TokenCounterOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Whether a job would be taken, be it the largest. */
  get hasRoom(): boolean {
    return this.#hasRoomFor(MAX_FRAME_BYTES);
  }

  /** Whether the process is there. */
  get isRunning(): boolean {
    return this.#child !== null;
  }

  /**
   * Counts the tokens of an exchange. What is in the job may be used otherwise as soon as this
   * returns.
   *
   * @returns null when there is no room for the job, or the process failed. Never rejects.
   */
  count(job: CountJob): Promise<TokenCounts | null> {
    if (!this.#hasRoomFor(frameBytes(job))) return Promise.resolve(null);
    this.#child ??= this.#started();
    return this.#child?.count(job) ?? Promise.resolve(null);
  }

  onApplicationShutdown(): void {
    this.#isClosed = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#end();
  }

  #hasRoomFor(bytes: number): boolean {
    if (this.#isClosed || this.#pause !== null) return false;
    const { waiting, waitingBytes } = this.#child ?? { waiting: 0, waitingBytes: 0 };
    return waiting < this.#options.maxJobs && waitingBytes + bytes <= this.#options.maxBytes;
  }

  #started(): CountingChild | null {
    try {
      const child = new CountingChild({
        answerMs: this.#options.answerMs,
        onAnswer: () => this.#idle?.refresh(),
        onFailure: (how) => {
          this.#failed(how);
        },
      });
      this.#idle = setTimeout(() => {
        if (child.waiting === 0) this.#end();
      }, this.#options.idleMs).unref();
      return child;
    } catch (error) {
      this.#failed(messageOf(error));
      return null;
    }
  }

  #failed(how: string): void {
    this.#logger.warn({ msg: 'the process that counts tokens ended', reason: how });
    this.#end();
    this.#pause = setTimeout(() => (this.#pause = null), this.#options.pauseMs).unref();
  }

  #end(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#child?.end();
    this.#child = null;
  }
}
