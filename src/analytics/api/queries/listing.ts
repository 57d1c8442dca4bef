import { type CompiledQuery, type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Row } from '../../store/exchange-store.js';
import { queries } from '../../store/queries.js';
import { type Cursor, cursorText } from '../parameters/cursor.js';
import { LISTED_FIELDS } from '../record-fields.js';
import { text } from '../row-values.js';
import { instant, isSelected, type Selection } from './selection.js';

/** Records of a page, and where the next one begins. */
export interface RecordPage {
  readonly data: readonly Row[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

const LISTED_NAMES = LISTED_FIELDS.map(([name]) => name);

/** The newest records that are meant, without bodies: those after a row of the same query. */
export function exportQuery(selection: Selection, limit: number, last: Row | null): CompiledQuery {
  return recordsAfter(selection, last === null ? null : placeOf(last))
    .limit(limit)
    .compile();
}

/** Answered with one record more than the page has, where there is one. */
export function pageQuery(
  selection: Selection,
  limit: number,
  cursor: Cursor | null,
): CompiledQuery {
  return recordsAfter(selection, cursor)
    .limit(limit + 1)
    .compile();
}

/** @param rows - the answer to {@link pageQuery} */
export function pageOf(rows: readonly Row[], limit: number): RecordPage {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const isLast = rows.length <= limit || last === undefined;
  return { data, next_cursor: isLast ? null : cursorText(placeOf(last)) };
}

/** Answered with the newest record that has this `x-request-id`, or the one with this `record_id`. */
export function recordQuery(id: string): CompiledQuery {
  return queries
    .selectFrom('sluice_exchanges')
    .selectAll()
    .where(sql<SqlBool>`(id = ${id} or record_id = ${id})`)
    .orderBy('started_at', 'desc')
    .orderBy('record_id', 'desc')
    .limit(1)
    .compile();
}

function recordsAfter(selection: Selection, cursor: Cursor | null) {
  return queries
    .selectFrom('sluice_exchanges')
    .select(LISTED_NAMES)
    .where(isSelected(selection))
    .where(cursor === null ? sql<SqlBool>`true` : isAfter(cursor))
    .orderBy('started_at', 'desc')
    .orderBy('record_id', 'desc');
}

// The first comparison says less than the rest, but it is the one that an index can be used for.
function isAfter({ startedAtMs, recordId }: Cursor): RawBuilder<SqlBool> {
  const at = instant(startedAtMs);
  return sql`(started_at <= ${at} and (started_at < ${at} or record_id < ${recordId}))`;
}

function placeOf(row: Row): Cursor {
  return { startedAtMs: Date.parse(text(row, 'started_at')), recordId: text(row, 'record_id') };
}
