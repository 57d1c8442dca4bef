import { Buffer } from 'node:buffer';
import { jsonValueIn } from '../../wire/json/json-value.js';
import { type ExchangeRecord } from './exchange-record.js';
import { type StartedRange } from './started-range.js';

/** A line for each record, ended by LF; JSON text has none of its own. */
export function jsonLine(record: ExchangeRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The records of JSON lines that {@link jsonLine} wrote. */
export function recordsIn(jsonLines: string): readonly ExchangeRecord[] {
  return jsonLines.split('\n').flatMap((line) => recordIn(line) ?? []);
}

/** Null for a line that is no record. */
export function recordIn(line: string): ExchangeRecord | null {
  const value = line === '' ? null : jsonValueIn(line);
  return isRecord(value) ? value : null;
}

// A gateway wrote the line, and whole lines are what it meant: older versions may know fewer fields.
function isRecord(value: unknown): value is ExchangeRecord {
  return typeof value === 'object' && value !== null && 'record_id' in value;
}

/** Records as JSON lines, and what is known of them. */
export interface CollectedLines {
  readonly count: number;
  /** In UTF-8, each ended by LF. */
  readonly jsonLines: Buffer;
  /** When the first and the last of the records started; null without any. */
  readonly started: StartedRange | null;
}

/** Room that is kept for the next records; that of larger ones is let go. */
const KEPT_BYTES = 2 * 1024 * 1024;

const FIRST_BYTES = 64 * 1024;

/** Most bytes of a UTF-16 code unit in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Collects records as the bytes that are sent and stored, in room that is used again and again.
 * Objects or texts would grow old while they wait for the rest of their batch, and old objects cost
 * the garbage collector work and the process memory.
 */
export class RecordLines {
  #room = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  #count = 0;
  #from = '';
  #to = '';

  get count(): number {
    return this.#count;
  }

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /** @param line - the record as {@link jsonLine} writes it, where that is there already */
  add(record: ExchangeRecord, line = jsonLine(record)): void {
    const { started_at: startedAt } = record;
    // Their times are all of one form, so that they sort as text.
    if (this.#count === 0 || startedAt < this.#from) this.#from = startedAt;
    if (this.#count === 0 || startedAt > this.#to) this.#to = startedAt;
    this.#count++;
    this.#makeRoom(line.length * MAX_BYTES_PER_UNIT);
    this.#length += this.#room.write(line, this.#length);
  }

  /** Gives away all that was collected. */
  take(): CollectedLines {
    const started = this.#count === 0 ? null : { from: this.#from, to: this.#to };
    const jsonLines = Buffer.allocUnsafeSlow(this.#length);
    this.#room.copy(jsonLines, 0, 0, this.#length);
    const collected = { count: this.#count, jsonLines, started };
    this.#count = 0;
    this.#length = 0;
    if (this.#room.length > KEPT_BYTES) this.#room = Buffer.allocUnsafeSlow(FIRST_BYTES);
    return collected;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#room.length) return;
    const room = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#room.length));
    this.#room.copy(room, 0, 0, this.#length);
    this.#room = room;
  }
}
