import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type FieldFilter, fieldFilters, type FilterValue } from '../parameters/field-filters.js';
import { type GivenParameters } from '../parameters/given-parameters.js';
import { type Period, periodOf } from '../parameters/period.js';

/** Which records are meant. */
export interface Selection {
  readonly period: Period;
  /** All of them must hold. */
  readonly filters: readonly FieldFilter[];
}

/** @throws ExchangeError `invalid_value` */
export function selectionOf(given: GivenParameters): Selection {
  return { period: periodOf(given), filters: fieldFilters(given) };
}

/** A moment as both databases read it. */
export function instant(ms: number): RawBuilder<unknown> {
  return sql`${new Date(ms).toISOString()}`;
}

/** The condition that a record is among those that are meant. */
export function isSelected({ period, filters }: Selection): RawBuilder<SqlBool> {
  const conditions = filters.map(hasOneOf);
  if (period.fromMs !== null) conditions.push(sql`started_at >= ${instant(period.fromMs)}`);
  if (period.toMs !== null) conditions.push(sql`started_at < ${instant(period.toMs)}`);
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`;
}

function hasOneOf({ field, values }: FieldFilter): RawBuilder<SqlBool> {
  const known = values.filter((value): value is Exclude<FilterValue, null> => value !== null);
  const column = sql.ref(field);
  const isNull = sql<SqlBool>`${column} is null`;
  if (known.length === 0) return isNull;
  const isIn = sql<SqlBool>`${column} in (${sql.join(known)})`;
  return known.length === values.length ? isIn : sql`(${isIn} or ${isNull})`;
}
