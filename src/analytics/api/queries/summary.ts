import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { type Row } from '../../store/exchange-store.js';
import { queries } from '../../store/queries.js';
import { type JsonSchema } from '../parameters/parameter.js';
import { type Period } from '../parameters/period.js';
import { numberOrZero, textOrNull } from '../row-values.js';
import { isSelected, type Selection } from './selection.js';
import { PERCENTILE_COLUMNS, SUM_COLUMNS, type Totals, TOTALS_SCHEMA, totalsOf } from './totals.js';

/** Everything in a period, added up. */
export interface Summary extends Totals {
  /** ISO 8601. As asked, else when the first of the records started; null without any. */
  readonly from: string | null;
  /** ISO 8601. As asked, else when the last of the records started; null without any. */
  readonly to: string | null;
  /** How many tenants there are among them, and so on. */
  readonly tenants: number;
  readonly models: number;
  readonly backends: number;
}

/**
 * Answered with one row each, of which a summary is made. They are two that take equally long, for
 * a database has more than one thread, and ranks with one of them alone.
 */
export interface SummaryQueries {
  readonly sums: CompiledQuery;
  readonly percentiles: CompiledQuery;
}

export function summaryQueries(selection: Selection): SummaryQueries {
  const condition = isSelected(selection);
  return {
    sums: queries
      .selectFrom('sluice_exchanges')
      .select(SUM_COLUMNS)
      .select([
        sql`min(started_at)`.as('first_at'),
        sql`max(started_at)`.as('last_at'),
        distinct('tenant', condition).as('tenants'),
        distinct('model', condition).as('models'),
        distinct('backend', condition).as('backends'),
      ])
      .where(condition)
      .compile(),
    percentiles: queries
      .selectFrom('sluice_exchanges')
      .select(PERCENTILE_COLUMNS)
      .where(condition)
      .compile(),
  };
}

/** Three times as fast as `count(distinct …)` where nothing is grouped. */
function distinct(
  column: 'tenant' | 'model' | 'backend',
  condition: ReturnType<typeof isSelected>,
): RawBuilder<unknown> {
  const values = queries
    .selectFrom('sluice_exchanges')
    .select(column)
    .distinct()
    .where(condition)
    .where(column, 'is not', null);
  return sql`(select count(*) from ${values} as found)`;
}

/** Both rows are the answers to {@link summaryQueries}. */
export function summaryOf(sums: Row | null, percentiles: Row | null, period: Period): Summary {
  const found: Row = { ...sums, ...percentiles };
  return {
    from: isoOf(period.fromMs) ?? textOrNull(found, 'first_at'),
    to: isoOf(period.toMs) ?? textOrNull(found, 'last_at'),
    ...totalsOf(found),
    tenants: numberOrZero(found, 'tenants'),
    models: numberOrZero(found, 'models'),
    backends: numberOrZero(found, 'backends'),
  };
}

/** A moment as answers show it; null stays null. */
export function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

const MOMENT: JsonSchema = { type: ['string', 'null'], format: 'date-time' };
const COUNT: JsonSchema = { type: 'integer', minimum: 0 };

/** What a {@link Summary} looks like, for the OpenAPI document. */
export const SUMMARY_SCHEMA: Readonly<Record<keyof Summary, JsonSchema>> = {
  from: { ...MOMENT, description: 'As asked, else when the first of the records started.' },
  to: { ...MOMENT, description: 'As asked, else when the last of the records started.' },
  ...TOTALS_SCHEMA,
  tenants: COUNT,
  models: COUNT,
  backends: COUNT,
};
