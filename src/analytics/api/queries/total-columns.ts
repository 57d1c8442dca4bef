import { type AliasedRawBuilder, sql } from 'kysely';
import { OUTCOMES } from '../../../exchange/facts/exchange-facts.js';

/** What is ranked, and the shares below which a value is asked for. */
const MEASURES = {
  total_ms: sql`array[0.5, 0.9, 0.99]`,
  headers_ms: sql`array[0.5, 0.9, 0.99]`,
  first_token_ms: sql`array[0.5, 0.9, 0.99]`,
  tokens_per_second: sql`array[0.5]`,
} as const;

/** A column of which percentiles are asked. */
export type Measure = keyof typeof MEASURES;

const SUMS = [
  'prompt_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'cached_tokens',
  'cost_usd',
  'bytes_in',
  'bytes_out',
] as const;

type Columns = readonly AliasedRawBuilder<unknown, string>[];

const HAS_FAILED = sql<boolean>`outcome in ('upstream_failed', 'rejected')`;

/** All that is added up. */
export const SUM_COLUMNS: Columns = [
  ...SUMS.map((name) => sql`sum(${sql.ref(name)})`.as(name)),
  sql`count(*) - count(cost_usd)`.as('without_cost'),
];

/** All that is counted. */
const COUNT_COLUMNS: Columns = [
  sql`count(*)`.as('requests'),
  // A third faster in DuckDB than `count(*) filter (where …)`.
  ...OUTCOMES.map((name) =>
    sql`sum(case when outcome = ${sql.lit(name)} then 1 else 0 end)`.as(name),
  ),
  sql`count(*) filter (where ${HAS_FAILED} or status >= 400)`.as('errors'),
];

/**
 * The same counts in two steps, which take a third of the time where there are many records and
 * nothing to group them by. The first counts the records of each `outcome`, of which there are four …
 */
export const OUTCOME_COLUMNS: Columns = [
  sql`outcome`.as('outcome'),
  sql`count(*)`.as('requests'),
  sql`count(*) filter (where status >= 400)`.as('refused'),
];

/** … and the second adds up the rows of the first. */
export const OUTCOME_COUNT_COLUMNS: Columns = [
  sql`sum(requests)`.as('requests'),
  ...OUTCOMES.map((name) =>
    sql`sum(case when outcome = ${sql.lit(name)} then requests else 0 end)`.as(name),
  ),
  sql`sum(case when ${HAS_FAILED} then requests else refused end)`.as('errors'),
];

/** All that is ranked, which takes longest: two halves that take equally long. */
export const PERCENTILE_COLUMNS = {
  ofAll: [ranked('total_ms'), ranked('headers_ms')],
  ofTokens: [ranked('first_token_ms'), ranked('tokens_per_second')],
} satisfies Readonly<Record<string, Columns>>;

/** What to select so that {@link totalsOf} can read a row of the answer. */
export const TOTAL_COLUMNS: Columns = [
  ...COUNT_COLUMNS,
  ...SUM_COLUMNS,
  ...PERCENTILE_COLUMNS.ofAll,
  ...PERCENTILE_COLUMNS.ofTokens,
];

function ranked(name: Measure): Columns[number] {
  const shares = MEASURES[name];
  return sql`percentile_disc(${shares}) within group (order by ${sql.ref(name)})`.as(name);
}
