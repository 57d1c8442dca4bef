import { Logger } from '@nestjs/common';
import { type Random } from '../../exchange/timing/random.js';
import { errorText } from '../occasional-log.js';
import { type RecordBatch, type Sink } from '../sinks/sink.js';
import { within } from '../time-limit.js';
import { type Backlog } from './backlog.js';
import { afterRefusal, sinkBackoffMs } from './failure-policy.js';
import { isFaultOfPlace } from './fault-of-place.js';
import { halvesOf } from './line-batch.js';
import { Opening } from './opening.js';
import { type Pause } from './pause.js';
import { type SealedBatch } from './sealed-batch.js';
import { type SinkFigures } from './sink-figures.js';

/** Longest wait at the end for the disk to take what no sink has taken. */
const SPOOL_LIMIT_MS = 5000;

/** Longest wait at the end for a sink to let go of what it holds. */
const CLOSE_LIMIT_MS = 2000;

/** One sink, what it has yet to write, and the time and chance by which it is tried again. */
export interface FeederOptions {
  readonly sink: Sink;
  readonly backlog: Backlog;
  readonly random: Random;
  readonly pause: Pause;
}

type Outcome = 'written' | 'down' | 'refused';

/** Brings one sink its records, in order and again and again, whatever becomes of other sinks. */
export class Feeder {
  readonly #logger = new Logger('Analytics');
  readonly #stop = new AbortController();
  readonly #opening: Opening;
  #isOpen = false;
  #isUp = false;
  #lastError: string | null = null;
  /** In a row. */
  #failures = 0;
  #written = 0;

  constructor(private readonly options: FeederOptions) {
    this.#opening = new Opening(options.sink);
  }

  get figures(): SinkFigures {
    const { sink, backlog } = this.options;
    const { queued, lagMs, spoolBytes, dropped } = backlog;
    return {
      ...{ name: sink.name, isUp: this.#isUp, lastError: this.#lastError },
      ...{ queued, lagMs, spoolBytes, written: this.#written, dropped: { ...dropped } },
    };
  }

  /** Begins: connects the sink, and looks for what earlier runs left. */
  start(): void {
    void this.#run();
  }

  /** Adds a batch for this sink; while it is down, straight to the disk. */
  offer(batch: SealedBatch): void {
    this.options.backlog.offer(batch);
    if (this.#failures > 0) void this.options.backlog.secure('all');
  }

  /** To be called once a second: puts what waits too long on disk. */
  secure(): void {
    void this.options.backlog.secure(this.#failures > 0 ? 'all' : 'overdue');
  }

  adopt(): void {
    void this.options.backlog.adopt();
  }

  /** Writes what is left, for so long at most and unless the sink is down; the rest goes to disk. */
  async close(flushLimitMs: number): Promise<void> {
    const { backlog, sink } = this.options;
    if (this.#failures === 0) await within(flushLimitMs, backlog.emptied());
    this.#stop.abort();
    await within(SPOOL_LIMIT_MS, backlog.leave());
    await within(CLOSE_LIMIT_MS, sink.close());
  }

  async #run(): Promise<void> {
    const { backlog } = this.options;
    const { signal } = this.#stop;
    await backlog.adopt();
    // Also where there is nothing to write yet: the read API asks the same sink, and should find it open.
    while (!this.#isOpen && !signal.aborted) {
      if (!(await this.#open())) await this.#backOff();
    }
    for (;;) {
      const work = await backlog.next(signal);
      if (work === null) return;
      for (const batch of work.batches) {
        await this.#deliver(batch);
        if (signal.aborted) return;
      }
      await backlog.settle();
    }
  }

  /** Returns when each record of the batch was written or dropped, or at the end of all. */
  async #deliver(whole: RecordBatch): Promise<void> {
    const parts = [whole];
    let refusals = 0;
    let wereOthersWritten = false;
    for (let batch = parts[0]; batch !== undefined; batch = parts[0]) {
      const outcome = await this.#write(batch);
      if (outcome === 'written') {
        parts.shift();
        refusals = 0;
        wereOthersWritten = true;
        continue;
      }
      if (outcome === 'refused') {
        const records = batch.count;
        const isPart = batch !== whole;
        const step = afterRefusal({ records, refusals: ++refusals, isPart, wereOthersWritten });
        if (step !== 'retry') {
          parts.splice(0, 1, ...(step === 'split' ? halvesOf(batch) : []));
          if (step === 'drop') this.#reject(batch);
          refusals = 0;
        }
      }
      await this.#backOff();
      if (this.#stop.signal.aborted) return;
    }
  }

  async #write(batch: RecordBatch): Promise<Outcome> {
    if (!this.#isOpen && !(await this.#open())) return 'down';
    try {
      await this.options.sink.write(batch);
    } catch (error) {
      this.#isOpen = false;
      this.#failed(error);
      return isFaultOfPlace(error) ? 'down' : 'refused';
    }
    this.#written += batch.count;
    this.#succeeded();
    return 'written';
  }

  async #open(): Promise<boolean> {
    try {
      await this.#opening.open();
    } catch (error) {
      this.#failed(error);
      return false;
    }
    this.#isOpen = true;
    // One that opens and then refuses is not up again before it has written.
    if (this.#failures === 0) this.#succeeded();
    return true;
  }

  #reject(batch: RecordBatch): void {
    this.options.backlog.drop('rejected', batch.count);
    this.#logger.error({
      ...{ msg: 'a record was refused and is dropped', sink: this.options.sink.name },
      ...{ record_id: batch.records()[0]?.record_id, error: this.#lastError },
    });
    this.#succeeded();
  }

  #succeeded(): void {
    if (this.#failures > 0) {
      this.#logger.log({ msg: 'analytics sink is up again', sink: this.options.sink.name });
    }
    this.#failures = 0;
    this.#isUp = true;
    this.#lastError = null;
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#isUp = false;
    this.#lastError = errorText(error);
    if (this.#failures === 1) {
      const { name } = this.options.sink;
      this.#logger.warn({ msg: 'analytics sink failed', sink: name, error: this.#lastError });
    }
    void this.options.backlog.secure('all');
  }

  async #backOff(): Promise<void> {
    if (this.#failures === 0) return;
    await this.options.pause(sinkBackoffMs(this.#failures, this.options.random), this.#stop.signal);
  }
}
