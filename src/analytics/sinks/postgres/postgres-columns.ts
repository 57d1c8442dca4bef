import { type ColumnKind } from '../../store/columns.js';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  // Sorted by bytes, as DuckDB does, whatever the database's language is.
  text: 'text collate "C"',
  timestamp: 'timestamptz(3)',
  integer: 'bigint',
  real: 'double precision',
  tenths: 'double precision',
  boolean: 'boolean',
  // Kept as it was written: nothing looks into it.
  json: 'json',
};

/** The type of a column of that kind. */
export function postgresType(kind: ColumnKind): string {
  return TYPES[kind];
}
