import { COLUMN_KINDS, COLUMN_LIST, type ColumnKind, EXCHANGES } from '../../store/columns.js';
import { storableJson } from '../../store/storable-text.js';
import { postgresType } from './postgres-columns.js';

/** Beyond, a number is not exact in JSON either. */
const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/**
 * Writes what is not there yet of a batch, all or nothing. One parameter holds it, an array of
 * records as JSON, so the text of the statement is the same for every batch.
 */
export const INSERT = `
  insert into ${EXCHANGES} (${COLUMN_LIST})
  select ${COLUMN_KINDS.map(([name, kind]) => readValue(name, kind)).join(', ')}
  from json_to_recordset($1) as offered (${COLUMN_KINDS.map(offeredColumn).join(', ')})
  on conflict (record_id) do nothing`;

/** A backend may report 12.5 tokens, or more than there are atoms: that must not stop the batch. */
function readValue(name: string, kind: ColumnKind): string {
  return kind === 'integer' ? `case when abs(${name}) <= ${MAX_INTEGER} then ${name} end` : name;
}

function offeredColumn([name, kind]: readonly [string, ColumnKind]): string {
  return `${name} ${kind === 'integer' ? 'double precision' : postgresType(kind)}`;
}

/** @param jsonLines - records, each ended by LF; there is no LF within one. */
export function insertedJson(jsonLines: string): string {
  return `[${storableJson(jsonLines.trimEnd()).replaceAll('\n', ',')}]`;
}
