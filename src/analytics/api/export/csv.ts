import { type Row } from '../../store/exchange-store.js';

/** RFC 4180 §2: lines end in CRLF, the last one too. */
const LINE_END = '\r\n';

/** RFC 4180 §2.6: a field with any of these is quoted. */
const QUOTED = /[",\r\n]/;

/**
 * What makes a spreadsheet take a field for a formula (OWASP, "CSV Injection"). Clients choose some
 * of the texts, and whoever opens the file must not run them.
 */
const FORMULA = /^[=+\-@\t\r]/;

/** The line that names the columns. */
export function csvHead(columns: readonly string[]): string {
  return columns.join(',') + LINE_END;
}

/**
 * A record as a line. What nobody knows is empty; lists are JSON. A text that a spreadsheet would
 * take for a formula begins with an apostrophe.
 */
export function csvLine(columns: readonly string[], row: Row): string {
  return columns.map((name) => csvField(row[name] ?? null)).join(',') + LINE_END;
}

function csvField(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
