import { type Random } from '../../exchange/timing/random.js';
import { OccasionalLog } from '../occasional-log.js';
import { type Sink } from '../sinks/sink.js';
import { Backlog } from './backlog.js';
import { Feeder } from './feeder.js';
import { type Pause } from './pause.js';
import { type SealedBatch } from './sealed-batch.js';
import { type SinkFigures } from './sink-figures.js';
import { type Spool } from './spool/spool.js';

/** How often leftovers of gateways that died meanwhile are looked for, in ticks. */
const ADOPT_EVERY_TICKS = 30;

/** The sinks, what waits for each, and the time and chance by which a failing one is tried again. */
export interface DeliveryOptions {
  readonly sinks: readonly Sink[];
  /** Most records that wait for a sink in memory. */
  readonly maxRecords: number;
  readonly spoolOf: (sink: Sink) => Spool;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly random: Random;
  readonly pause: Pause;
}

/** Brings every sink its records, each at its own pace. */
export class Delivery {
  readonly #feeders: readonly Feeder[];
  #ticks = 0;

  constructor(readonly options: DeliveryOptions) {
    const { sinks, maxRecords, spoolOf, wallMs, random, pause } = options;
    this.#feeders = sinks.map((sink) => {
      const log = new OccasionalLog(wallMs, { msg: 'analytics spool failed', sink: sink.name });
      const onSpoolFailure = (error: unknown): void => {
        log.warn(error);
      };
      const backlog = new Backlog({ maxRecords, spool: spoolOf(sink), wallMs, onSpoolFailure });
      return new Feeder({ sink, backlog, random, pause });
    });
  }

  /** In the order of the configuration. */
  get figures(): readonly SinkFigures[] {
    return this.#feeders.map(({ figures }) => figures);
  }

  start(): void {
    for (const feeder of this.#feeders) feeder.start();
  }

  offer(batch: SealedBatch): void {
    for (const feeder of this.#feeders) feeder.offer(batch);
  }

  /** To be called once a second. */
  tick(): void {
    this.#ticks++;
    for (const feeder of this.#feeders) {
      feeder.secure();
      if (this.#ticks % ADOPT_EVERY_TICKS === 0) feeder.adopt();
    }
  }

  /** Ends all; what a sink has not taken within the limit is on disk then. Never rejects. */
  async close(flushLimitMs: number): Promise<void> {
    await Promise.all(this.#feeders.map((feeder) => feeder.close(flushLimitMs)));
  }
}
