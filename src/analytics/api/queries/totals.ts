import { type Outcome, OUTCOMES } from '../../../exchange/facts/exchange-facts.js';
import { type Row } from '../../store/exchange-store.js';
import { type JsonSchema } from '../parameters/parameter.js';
import { numberOrZero, numbersOrNull } from '../row-values.js';
import { type Measure } from './total-columns.js';

/** Milliseconds below which that share of the exchanges lies; null where none was timed. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

/** What a number of exchanges add up to. Token and byte figures are sums. */
export interface Totals {
  readonly requests: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Ended `upstream_failed` or `rejected`, or with a status of 400 or above. */
  readonly errors: number;
  /** Share of the requests that are errors, 0 to 1; 0 without requests. */
  readonly error_rate: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly reasoning_tokens: number;
  readonly cached_tokens: number;
  /** Of the requests whose cost is known. */
  readonly cost_usd: number;
  /** Requests whose cost is not known. */
  readonly without_cost: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly total_ms: Percentiles;
  readonly headers_ms: Percentiles;
  readonly first_token_ms: Percentiles;
  readonly tokens_per_second: Pick<Percentiles, 'p50'>;
}

/**
 * Reads what the columns of `total-columns.ts` were answered with.
 *
 * @param row - null stands for no exchange at all
 */
export function totalsOf(row: Row | null): Totals {
  const from = row ?? {};
  const requests = numberOrZero(from, 'requests');
  const errors = numberOrZero(from, 'errors');
  return {
    requests,
    outcomes: {
      completed: numberOrZero(from, 'completed'),
      client_aborted: numberOrZero(from, 'client_aborted'),
      upstream_failed: numberOrZero(from, 'upstream_failed'),
      rejected: numberOrZero(from, 'rejected'),
    },
    errors,
    error_rate: requests === 0 ? 0 : errors / requests,
    prompt_tokens: numberOrZero(from, 'prompt_tokens'),
    completion_tokens: numberOrZero(from, 'completion_tokens'),
    reasoning_tokens: numberOrZero(from, 'reasoning_tokens'),
    cached_tokens: numberOrZero(from, 'cached_tokens'),
    cost_usd: withoutNoise(numberOrZero(from, 'cost_usd')),
    without_cost: numberOrZero(from, 'without_cost'),
    bytes_in: numberOrZero(from, 'bytes_in'),
    bytes_out: numberOrZero(from, 'bytes_out'),
    total_ms: percentiles(from, 'total_ms'),
    headers_ms: percentiles(from, 'headers_ms'),
    first_token_ms: percentiles(from, 'first_token_ms'),
    tokens_per_second: { p50: percentiles(from, 'tokens_per_second').p50 },
  };
}

function percentiles(row: Row, name: Measure): Percentiles {
  const [p50 = null, p90 = null, p99 = null] = numbersOrNull(row, name) ?? [];
  return { p50, p90, p99 };
}

// Sums of fractions differ in their last digits with the order in which a database adds.
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12));
}

const COUNT = { type: 'integer', minimum: 0 } as const;
const PERCENTILE = { type: ['number', 'null'] } as const;
const PERCENTILES: JsonSchema = {
  type: 'object',
  properties: { p50: PERCENTILE, p90: PERCENTILE, p99: PERCENTILE },
};

/** What {@link Totals} look like, for the OpenAPI document. */
export const TOTALS_SCHEMA: Readonly<Record<keyof Totals, JsonSchema>> = {
  requests: COUNT,
  outcomes: {
    type: 'object',
    properties: Object.fromEntries(OUTCOMES.map((name) => [name, COUNT])),
  },
  errors: {
    ...COUNT,
    description: 'Ended `upstream_failed` or `rejected`, or with a status of 400 or above.',
  },
  error_rate: { type: 'number', minimum: 0, maximum: 1 },
  prompt_tokens: COUNT,
  completion_tokens: COUNT,
  reasoning_tokens: COUNT,
  cached_tokens: COUNT,
  cost_usd: { type: 'number', description: 'Of the requests whose cost is known.' },
  without_cost: { ...COUNT, description: 'Requests whose cost is not known.' },
  bytes_in: COUNT,
  bytes_out: COUNT,
  total_ms: PERCENTILES,
  headers_ms: PERCENTILES,
  first_token_ms: PERCENTILES,
  tokens_per_second: { type: 'object', properties: { p50: PERCENTILE } },
};
