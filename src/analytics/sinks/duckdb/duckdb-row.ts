import { type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { isJsonObject } from '../../../wire/json/json-value.js';
import { type Row } from '../../store/exchange-store.js';
import { isoTime } from '../../store/iso-time.js';

/**
 * @param type - of a row: a structure with a field for each column.
 * @returns what reads the JSON of a row: times, which DuckDB writes in a form of its own, become
 *   ISO 8601.
 */
export function rowReader(type: DuckDBType): (json: DuckDBValue) => Row {
  const times = timeColumns(type);
  return (json) => {
    const row = parsed(json);
    for (const name of times) row[name] = isoTime(row[name]);
    return row;
  };
}

function timeColumns(type: DuckDBType): readonly string[] {
  if (!('entryNames' in type)) return [];
  const { entryNames, entryTypes } = type;
  return entryNames.filter((_, index) => String(entryTypes[index]).startsWith('TIMESTAMP'));
}

function parsed(json: DuckDBValue): Record<string, unknown> {
  const value: unknown = JSON.parse(String(json));
  return isJsonObject(value) ? value : {};
}
