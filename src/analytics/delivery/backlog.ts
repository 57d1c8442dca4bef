import { type RecordBatch } from '../sinks/sink.js';
import { BatchesInMemory } from './batches-in-memory.js';
import { type DropCause, type DropCounts, noDrops } from './drop-counts.js';
import { batchesOf } from './line-batch.js';
import { type SealedBatch } from './sealed-batch.js';
import { oldestSegment } from './spool/oldest-segment.js';
import { type Segment } from './spool/segment.js';
import { SpoolInlet } from './spool/spool-inlet.js';
import { type Spool } from './spool/spool.js';
import { WakeUp } from './wake-up.js';

/**
 * A batch goes to disk when a sink could have begun to write it this long ago and has not written
 * it, which is looked at once a second. A killed process loses the records of the running second,
 * and where a sink is slow those of a second and a half before: slowness costs disk, not records.
 */
const SECURED_AFTER_MS = 500;

/** Of records from the spool: about a millisecond's work for a sink that parses them. */
const MAX_BATCH_BYTES = 262_144;

/** What is delivered next. */
export interface Work {
  readonly batches: Iterable<RecordBatch>;
}

/** What a sink is writing, and where that can be read again should it fail. */
interface Head extends Work {
  /** The batch of the queue; null when the work came from the spool. */
  readonly batch: SealedBatch | null;
  /** Where it is on disk; null while it is not. */
  segment: Segment | null;
  /** Wall clock when the oldest of its records was added. */
  readonly oldestMs: number;
}

/** The bound of a backlog in memory, and what it uses. The disk has a bound of its own. */
export interface BacklogOptions {
  readonly maxRecords: number;
  readonly spool: Spool;
  readonly wallMs: () => number;
  /** Told when the disk does not take records, and why. */
  readonly onSpoolFailure: (error: unknown) => void;
}

/**
 * What one sink has yet to write, oldest first: what it has in hand, then the spool, then memory.
 * Nothing in here waits for the sink, and nothing rejects.
 */
export class Backlog {
  readonly dropped: DropCounts = noDrops();
  readonly #memory: BatchesInMemory;
  readonly #disk: SpoolInlet;
  readonly #wakeUp = new WakeUp();
  #head: Head | null = null;
  /** Work on the spool goes one after the other. */
  #spooling: Promise<void> = Promise.resolve();
  #isSecuring = false;
  #isClosed = false;
  #idle: (() => void) | null = null;

  constructor(private readonly options: BacklogOptions) {
    this.#memory = new BatchesInMemory(options.maxRecords);
    this.#disk = new SpoolInlet(options.spool, options.onSpoolFailure);
  }

  /** Records that wait in memory, those in hand included. */
  get queued(): number {
    return this.#memory.records;
  }

  get spoolBytes(): number {
    return this.options.spool.bytes;
  }

  /** Age of the oldest record that is not written; 0 when there is none. */
  get lagMs(): number {
    const times = [this.#head?.oldestMs, this.options.spool.oldestMs, this.#memory.first?.oldestMs];
    const oldestMs = Math.min(...times.map((time) => time ?? Infinity));
    return oldestMs === Infinity ? 0 : Math.max(0, this.options.wallMs() - oldestMs);
  }

  /** Adds a batch behind all others, or drops and counts it. */
  offer(batch: SealedBatch): void {
    if (this.#isClosed || !this.#memory.add(batch)) {
      this.drop(this.#disk.refusal ?? 'overflow', batch.count);
    } else this.#wakeUp.ring();
  }

  drop(cause: DropCause, records: number): void {
    this.dropped[cause] += records;
  }

  /** The oldest there is, as soon as there is something; null once the signal has aborted. */
  async next(stop: AbortSignal): Promise<Work | null> {
    while (!stop.aborted) {
      // Not beside what goes to the spool just now, which is older than what is left in memory.
      await this.#spoolNext(async () => {
        this.#head = (await this.#fromSpool()) ?? this.#fromMemory();
      });
      if (this.#head !== null) return this.#head;
      // Something may have come in the meantime, when nobody was waiting for it.
      if (!this.#isEmpty) continue;
      this.#idle?.();
      await this.#wakeUp.sleep(stop);
    }
    return null;
  }

  /** Forgets what {@link next} gave last: each record of it was written or dropped. */
  async settle(): Promise<void> {
    await this.#spoolNext(async () => {
      const head = this.#head;
      this.#head = null;
      if (head === null) return;
      if (head.batch !== null) this.#memory.release(head.batch);
      if (head.segment !== null) await this.options.spool.remove(head.segment);
    });
  }

  /** Takes over what earlier runs left on disk. */
  adopt(): Promise<void> {
    return this.#spoolNext(async () => {
      await this.options.spool.adopt();
      if (!this.options.spool.isEmpty) this.#wakeUp.ring();
    });
  }

  /**
   * Puts records on disk that wait too long, or all of them.
   *
   * @returns when that is done, or the disk has refused
   */
  async secure(which: 'overdue' | 'all'): Promise<void> {
    if (this.#isSecuring) return;
    this.#isSecuring = true;
    await this.#spoolNext(async () => {
      const sinceMs = which === 'all' ? Infinity : this.options.wallMs() - SECURED_AFTER_MS;
      await this.options.spool.renew();
      if (await this.#secureHead(sinceMs)) await this.#secureMemory(sinceMs);
    });
    this.#isSecuring = false;
  }

  /** Resolves when everything is written. */
  emptied(): Promise<void> {
    if (this.#isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Puts on disk what is left, counts what does not go there, and lets the disk go. */
  async leave(): Promise<void> {
    this.#isClosed = true;
    await this.#spooling;
    await this.secure('all');
    const inHand = this.#head?.segment === null ? this.#head.batch : null;
    const left = [inHand, ...this.#memory.waiting];
    for (const batch of left) {
      if (batch !== null) this.drop(this.#disk.refusal ?? 'overflow', batch.count);
    }
    await this.options.spool.leave();
  }

  get #isEmpty(): boolean {
    return this.#head === null && this.#memory.isEmpty && this.options.spool.isEmpty;
  }

  #fromMemory(): Head | null {
    const batch = this.#memory.take();
    if (batch === null) return null;
    return { batch, batches: [batch], segment: null, oldestMs: batch.oldestMs };
  }

  async #fromSpool(): Promise<Head | null> {
    const { spool, onSpoolFailure } = this.options;
    const oldest = await oldestSegment(spool, onSpoolFailure);
    if (oldest === null) return null;
    const { segment, bytes } = oldest;
    const batches = batchesOf(bytes, MAX_BATCH_BYTES, () => {
      this.drop('disk', 1);
    });
    return { batch: null, batches, segment, oldestMs: segment.oldestMs };
  }

  /** True unless the disk refused it: what is newer must not get there before. */
  async #secureHead(sinceMs: number): Promise<boolean> {
    const head = this.#head;
    if (head?.batch == null || head.segment !== null) return true;
    if (head.batch.sealedMs > sinceMs) return true;
    const segment = await this.#disk.append(head.batch);
    head.segment = segment;
    // A segment of its own, so that it can be removed by itself when the sink has taken it.
    this.options.spool.endSegment();
    return segment !== null;
  }

  async #secureMemory(sinceMs: number): Promise<void> {
    for (;;) {
      const batch = this.#memory.first;
      if (batch === null || batch.sealedMs > sinceMs) break;
      if ((await this.#disk.append(batch)) === null) return;
      this.#memory.take();
      this.#memory.release(batch);
    }
    this.#wakeUp.ring();
  }

  #spoolNext(step: () => Promise<void>): Promise<void> {
    this.#spooling = this.#spooling.then(step).catch(this.options.onSpoolFailure);
    return this.#spooling;
  }
}
