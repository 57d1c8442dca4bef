import { EventEmitter, once } from 'node:events';
import { type ExchangeRecord } from '../../../src/analytics/record/exchange-record.js';
import { type RecordBatch, type Sink } from '../../../src/analytics/sinks/sink.js';

/** A sink that does what the test says, and remembers what it took. */
export class ScriptedSink extends EventEmitter implements Sink {
  readonly name: string = 'scripted';
  /** What was written, in the order in which it was accepted. */
  readonly taken: ExchangeRecord[] = [];
  /** The number of records of each batch that was offered. */
  readonly offered: number[] = [];
  opened = 0;
  isClosed = false;
  onOpen: () => Promise<void> = () => Promise.resolve();
  /** Called before a batch is taken; a rejection refuses it. */
  onWrite: (batch: RecordBatch) => Promise<void> = () => Promise.resolve();

  async open(): Promise<void> {
    this.opened++;
    this.emit('opening');
    await this.onOpen();
  }

  async write(batch: RecordBatch): Promise<void> {
    this.offered.push(batch.count);
    this.emit('offered');
    await this.onWrite(batch);
    this.taken.push(...batch.records());
    this.emit('taken');
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  get takenIds(): string[] {
    return this.taken.map(({ record_id }) => record_id);
  }

  /** Resolves when so many records were taken. */
  async hasTaken(count: number): Promise<void> {
    while (this.taken.length < count) await once(this, 'taken');
  }
}
