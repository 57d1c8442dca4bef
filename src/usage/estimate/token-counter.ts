import { type OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { type CountJob, type CountResult } from './token-worker.js';

export interface TokenCounterOptions {
  /** Most jobs that wait or run. */
  readonly maxJobs: number;
  /** Milliseconds without a job after which the thread ends; its vocabulary takes 70 MB. */
  readonly idleMs: number;
}

const DEFAULTS: TokenCounterOptions = { maxJobs: 100, idleMs: 60_000 };

/** More than any job needs: beyond it the thread ends, and not the process. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256 };

/** The worker's file beside this one, be it compiled or not. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './token-worker.ts' : './token-worker.js',
  import.meta.url,
);

type Settle = (counts: readonly number[] | null) => void;

/** Counts tokens in a thread of its own, which is there only while there is something to count. */
export class TokenCounter implements OnApplicationShutdown {
  readonly #jobs = new Map<number, Settle>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #nextId = 0;
  #isClosed = false;

  constructor(private readonly options: TokenCounterOptions = DEFAULTS) {}

  /** Whether a job would be taken. */
  get hasRoom(): boolean {
    return !this.#isClosed && this.#jobs.size < this.options.maxJobs;
  }

  /** Whether the thread is there. */
  get isRunning(): boolean {
    return this.#worker !== null;
  }

  /**
   * Counts the tokens of each text (o200k_base, OpenAI's vocabulary since GPT-4o).
   *
   * @returns null when there is no room for the job, or the thread failed
   */
  count(texts: readonly string[]): Promise<readonly number[] | null> {
    if (!this.hasRoom) return Promise.resolve(null);
    this.#worker ??= this.#start();
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#worker.ref();
    const job: CountJob = { id: this.#nextId++, texts };
    const { promise, resolve } = Promise.withResolvers<readonly number[] | null>();
    this.#jobs.set(job.id, resolve);
    this.#worker.postMessage(job);
    return promise;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isClosed = true;
    await this.#stop();
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { env: {}, resourceLimits: RESOURCE_LIMITS });
    worker.on('message', ({ id, counts }: CountResult) => {
      this.#jobs.get(id)?.(counts);
      this.#jobs.delete(id);
      if (this.#jobs.size === 0) this.#rest(worker);
    });
    // Without a tokenizer there is no estimate; its exit follows and settles what waits for it.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#gone();
    });
    return worker;
  }

  /** Nothing to do: the thread keeps no process alive, and goes after a while. */
  #rest(worker: Worker): void {
    worker.unref();
    this.#idle = setTimeout(() => void this.#stop(), this.options.idleMs).unref();
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#gone();
    await worker?.terminate();
  }

  #gone(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#worker = null;
    for (const settle of this.#jobs.values()) settle(null);
    this.#jobs.clear();
  }
}
