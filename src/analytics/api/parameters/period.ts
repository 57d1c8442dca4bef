import { type GivenParameters } from './given-parameters.js';
import { instantParameter } from './instant.js';
import { wrong } from './parameter.js';

/** Milliseconds since 1970; null where it is open. */
export interface Period {
  /** The first moment that belongs to it. */
  readonly fromMs: number | null;
  /** The first moment that does not any more. */
  readonly toMs: number | null;
}

const FROM = instantParameter('from', 'Only what started at this time or later.');
const TO = instantParameter('to', 'Only what started before this time.');

/** The parameters `from` and `to`. */
export const PERIOD_PARAMETERS = [FROM, TO] as const;

/** @throws ExchangeError `invalid_value` for a period that ends before it begins, too */
export function periodOf(given: GivenParameters): Period {
  const period = { fromMs: given.value(FROM), toMs: given.value(TO) };
  if (period.fromMs !== null && period.toMs !== null && period.toMs < period.fromMs) {
    throw wrong('to', 'must not be before from');
  }
  return period;
}
