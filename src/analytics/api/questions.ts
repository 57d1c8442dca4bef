import { ExchangeError } from '../../exchange/exchange-error.js';
import { type Row } from '../store/exchange-store.js';
import { type RowPieces } from './export/export-stream.js';
import { BY_PARAMETER } from './parameters/breakdown-field.js';
import { CURSOR_PARAMETER } from './parameters/cursor.js';
import { type GivenParameters } from './parameters/given-parameters.js';
import { BREAKDOWN_LIMIT, LIST_LIMIT } from './parameters/limits.js';
import { type BreakdownPart, breakdownParts, breakdownQuery } from './queries/breakdown.js';
import { exportQuery, pageOf, pageQuery, recordQuery, type RecordPage } from './queries/listing.js';
import { selectionOf } from './queries/selection.js';
import { type SeriesPoint, seriesPlan, seriesPoints, seriesQuery } from './queries/series.js';
import { type Summary, summaryOf, summaryQueries } from './queries/summary.js';
import { PAGE_ROWS, type RecordReader } from './record-reader.js';
import { textOrNull } from './row-values.js';
import { shownBody } from './shown-body.js';

/** All of a list that has no further pages. */
export interface List<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: null;
}

// Each throws an ExchangeError: `invalid_value` for a parameter, or that of the reader.

/** Everything in a period, added up. */
export async function summary(reader: RecordReader, given: GivenParameters): Promise<Summary> {
  const selection = selectionOf(given);
  const rows = await Promise.all(summaryQueries(selection).map((query) => reader.row(query)));
  return summaryOf(rows, selection.period);
}

/** @param nowMs - since 1970; where a series ends that names no end */
export async function series(
  reader: RecordReader,
  given: GivenParameters,
  nowMs: number,
): Promise<List<SeriesPoint>> {
  const plan = seriesPlan(given, nowMs);
  return listOf(seriesPoints(await reader.rows(seriesQuery(plan)), plan));
}

/** What the exchanges with each value of the field `by` add up to. */
export async function breakdown(
  reader: RecordReader,
  given: GivenParameters,
): Promise<List<BreakdownPart>> {
  const by = given.value(BY_PARAMETER);
  const query = breakdownQuery(selectionOf(given), by, given.value(BREAKDOWN_LIMIT));
  return listOf(breakdownParts(await reader.rows(query), by));
}

/** A page of records, newest first. */
export async function page(reader: RecordReader, given: GivenParameters): Promise<RecordPage> {
  const limit = given.value(LIST_LIMIT);
  const query = pageQuery(selectionOf(given), limit, given.value(CURSOR_PARAMETER));
  return pageOf(await reader.rows(query), limit);
}

/** @param id - an `x-request-id` or a `record_id` */
export async function record(reader: RecordReader, id: string): Promise<Row> {
  const found = await reader.row(recordQuery(id));
  if (found !== null) return withShownBodies(found);
  throw new ExchangeError('not_found', `there is no record of an exchange ${id}`);
}

/** All records that are meant, newest first, in pieces for an export. */
export function everyRecord(reader: RecordReader, given: GivenParameters): RowPieces {
  const selection = selectionOf(given);
  return reader.pages((last) => exportQuery(selection, PAGE_ROWS, last));
}

function withShownBodies(row: Row): Row {
  const request = shownBody(textOrNull(row, 'request'));
  const reply = shownBody(textOrNull(row, 'reply'));
  return { ...row, request, reply };
}

function listOf<Item>(data: readonly Item[]): List<Item> {
  return { data, next_cursor: null };
}
