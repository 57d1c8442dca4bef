import { type CompiledQuery, sql } from 'kysely';
import { type Row } from '../../store/exchange-store.js';
import { queries } from '../../store/queries.js';
import { type BreakdownField } from '../parameters/breakdown-field.js';
import { isSelected, type Selection } from './selection.js';
import { TOTAL_COLUMNS } from './total-columns.js';
import { type Totals, totalsOf } from './totals.js';

/** What the exchanges with one value of a field add up to; the value stands under its name. */
export type BreakdownPart = Totals & Readonly<Partial<Record<BreakdownField, unknown>>>;

/** Answered with a row for each value, the one with the most requests first. */
export function breakdownQuery(
  selection: Selection,
  by: BreakdownField,
  limit: number,
): CompiledQuery {
  return queries
    .selectFrom('sluice_exchanges')
    .select(by)
    .select(TOTAL_COLUMNS)
    .where(isSelected(selection))
    .groupBy(by)
    .orderBy(sql.ref('requests'), 'desc')
    .orderBy(by, 'asc')
    .limit(limit)
    .compile();
}

/** @param rows - the answer to {@link breakdownQuery} */
export function breakdownParts(rows: readonly Row[], by: BreakdownField): readonly BreakdownPart[] {
  return rows.map((row) => ({ [by]: row[by] ?? null, ...totalsOf(row) }));
}
