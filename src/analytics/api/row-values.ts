import { type Row } from '../store/exchange-store.js';

/** A number in a row of an answer; 0 where there was nothing to add up. */
export function numberOrZero(row: Row, name: string): number {
  const value = row[name] ?? 0;
  if (typeof value === 'number') return value;
  throw new TypeError(`the store answered ${name} with a ${typeof value}`);
}

/** A list of numbers, null where there was nothing to make it of. */
export function numbersOrNull(row: Row, name: string): readonly number[] | null {
  const value = row[name] ?? null;
  if (value === null) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
  throw new TypeError(`the store answered ${name} with something that is no list of numbers`);
}

/** A text in a row of an answer. */
export function text(row: Row, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw new TypeError(`the store answered ${name} with a ${typeof value}`);
}

/** The same, null where the database says so. */
export function textOrNull(row: Row, name: string): string | null {
  return (row[name] ?? null) === null ? null : text(row, name);
}
