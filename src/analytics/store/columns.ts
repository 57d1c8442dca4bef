import { type ExchangeRecord } from '../record/exchange-record.js';

/**
 * What a column holds, in the terms of no particular database. `tenths` are numbers with one decimal
 * and no more than `MOST` of `record/tenths.ts`.
 */
export type ColumnKind = 'text' | 'timestamp' | 'integer' | 'real' | 'tenths' | 'boolean' | 'json';

type KindOf<Value> = [Value] extends [boolean | null]
  ? 'boolean'
  : [Value] extends [number | null]
    ? 'integer' | 'real' | 'tenths'
    : [Value] extends [string | null]
      ? 'text' | 'timestamp'
      : 'json';

type Columns = {
  readonly [Name in keyof ExchangeRecord]: KindOf<NonNullable<ExchangeRecord[Name]>>;
};

/** In the order of the record. A column that is added here also needs a migration. */
const COLUMNS: Columns = {
  record_id: 'text',
  id: 'text',
  started_at: 'timestamp',
  tenant: 'text',
  key_fingerprint: 'text',
  method: 'text',
  path: 'text',
  endpoint: 'text',
  requested_model: 'text',
  model: 'text',
  backend: 'text',
  attempts: 'integer',
  attempt_log: 'json',
  status: 'integer',
  outcome: 'text',
  error_code: 'text',
  phase: 'text',
  stream: 'boolean',
  headers_ms: 'tenths',
  first_token_ms: 'tenths',
  first_reasoning_ms: 'tenths',
  first_answer_ms: 'tenths',
  inter_token_p50_ms: 'tenths',
  inter_token_p99_ms: 'tenths',
  total_ms: 'tenths',
  tokens_per_second: 'tenths',
  prompt_tokens: 'integer',
  completion_tokens: 'integer',
  reasoning_tokens: 'integer',
  cached_tokens: 'integer',
  usage_source: 'text',
  cost_usd: 'real',
  bytes_in: 'integer',
  bytes_out: 'integer',
  finish_reason: 'text',
  traceparent: 'text',
  request: 'text',
  reply: 'text',
};

/** The table of both databases. */
export const EXCHANGES = 'sluice_exchanges';

/** Name and kind of each column, in the order of the record. */
export const COLUMN_KINDS: readonly (readonly [name: string, kind: ColumnKind])[] =
  Object.entries(COLUMNS);

/** The names, in the order of the record, as a list for SQL. */
export const COLUMN_LIST = COLUMN_KINDS.map(([name]) => name).join(', ');
