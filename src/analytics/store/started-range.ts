import { type ExchangeRecord } from '../record/exchange-record.js';

/** When the first and the last of some records started, as their `started_at`. */
export interface StartedRange {
  readonly from: string;
  readonly to: string;
}

/** Null for no records. Their times are all of one form, so that they sort as text. */
export function startedRange(records: readonly ExchangeRecord[]): StartedRange | null {
  const [first] = records;
  if (first === undefined) return null;
  let from = first.started_at;
  let to = from;
  for (const { started_at: startedAt } of records) {
    if (startedAt < from) from = startedAt;
    if (startedAt > to) to = startedAt;
  }
  return { from, to };
}
