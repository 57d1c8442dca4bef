import { type Row } from '../../store/exchange-store.js';
import { LISTED_FIELDS } from '../record-fields.js';
import { csvHead, csvLine } from './csv.js';

/** How an export is written. */
export interface ExportFormat {
  readonly contentType: string;
  readonly fileName: string;
  readonly head: string;
  readonly line: (row: Row) => string;
}

const COLUMNS = LISTED_FIELDS.map(([name]) => name);

/** Comma-separated values, RFC 4180. */
export const CSV: ExportFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  fileName: 'exchanges.csv',
  head: csvHead(COLUMNS),
  line: (row) => csvLine(COLUMNS, row),
};

/** A JSON object a line. */
export const JSON_LINES: ExportFormat = {
  contentType: 'application/x-ndjson',
  fileName: 'exchanges.jsonl',
  head: '',
  line: (row) => `${JSON.stringify(row)}\n`,
};
