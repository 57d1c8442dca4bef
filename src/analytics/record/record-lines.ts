import { jsonValueIn } from '../../wire/json-value.js';
import { type StartedRange } from '../store/started-range.js';
import { type ExchangeRecord } from './exchange-record.js';

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

/** How many lines are joined at a time: so few that they are young when that happens. */
const JOINED_LINES = 64;

/**
 * Collects records as text. As objects of forty fields they would live until the batch is written,
 * a second long, and be moved among the old objects meanwhile: that took a twentieth of the time a
 * small reply takes, where text is moved as one piece.
 */
export class RecordLines {
  #parts: string[] = [];
  #young: string[] = [];
  #count = 0;
  #length = 0;
  #from = '';
  #to = '';

  get count(): number {
    return this.#count;
  }

  /** In characters. */
  get length(): number {
    return this.#length;
  }

  /** When the first and the last of the records started; null without any. */
  get started(): StartedRange | null {
    return this.#count === 0 ? null : { from: this.#from, to: this.#to };
  }

  /** @param line - the record as {@link jsonLine} writes it, where that is there already */
  add(record: ExchangeRecord, line = jsonLine(record)): void {
    const { started_at: startedAt } = record;
    // Their times are all of one form, so that they sort as text.
    if (this.#count === 0 || startedAt < this.#from) this.#from = startedAt;
    if (this.#count === 0 || startedAt > this.#to) this.#to = startedAt;
    this.#count++;
    this.#length += line.length;
    if (this.#young.push(line) < JOINED_LINES) return;
    this.#parts.push(this.#young.join(''));
    this.#young = [];
  }

  /** All of them; joined anew each time. */
  get text(): string {
    return [...this.#parts, ...this.#young].join('');
  }
}
