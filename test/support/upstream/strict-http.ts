/** A request as a reader finds it that takes RFC 9112 by the letter. Latin-1: one character, one byte. */
export interface StrictRequest {
  readonly method: string;
  readonly target: string;
  /** Names in lower case, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** With chunked framing removed. */
  readonly body: string;
}

export interface StrictReading {
  /** The whole requests, in order. */
  readonly requests: readonly StrictRequest[];
  /** What is behind them: the beginning of a further request; empty when there is none. */
  readonly rest: string;
  /** What is wrong with the rest; null while it may still become a request. */
  readonly fault: string | null;
}

/** A message or a part of it: whole, still to come, or broken. */
type Part<Value> =
  | { readonly kind: 'whole'; readonly value: Value; readonly end: number }
  | { readonly kind: 'partial' }
  | { readonly kind: 'fault'; readonly fault: string };

type Fields = StrictRequest['fields'];

const PARTIAL = { kind: 'partial' } as const;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.[01]$/;
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
const CHUNK_LINE = /^([0-9A-Fa-f]{1,12})(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const LENGTH = /^\d{1,15}$/;

/**
 * Reads requests one behind the other, and refuses whatever two readers could take differently.
 *
 * @param emptyLines - before a request: a server may skip them (RFC 9112 §2.2), a client sends none
 */
export function readStrictly(
  bytes: string,
  { emptyLines = 'refused' }: { readonly emptyLines?: 'refused' | 'skipped' } = {},
): StrictReading {
  const requests: StrictRequest[] = [];
  let rest = bytes;
  while (rest !== '') {
    if (emptyLines === 'skipped') rest = rest.replace(/^[\r\n]+/, '');
    const read = requestIn(rest);
    if (read.kind === 'partial') return { requests, rest, fault: null };
    if (read.kind === 'fault') return { requests, rest, fault: read.fault };
    requests.push(read.value);
    rest = rest.slice(read.end);
  }
  return { requests, rest, fault: null };
}

function requestIn(bytes: string): Part<StrictRequest> {
  const lines = linesTo('', bytes, 0);
  if (lines.kind !== 'whole') return lines;
  const [first = '', ...fieldLines] = lines.value;
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) return fault('request line', first);
  const fields = fieldsIn(fieldLines);
  if (fields.kind !== 'whole') return fields;
  const body = bodyIn(bytes, lines.end, fields.value);
  if (body.kind !== 'whole') return body;
  const value = { method, target, fields: fields.value, body: body.value };
  return { kind: 'whole', value, end: body.end };
}

function fieldsIn(lines: readonly string[]): Part<Fields> {
  const fields: [string, string][] = [];
  for (const line of lines) {
    const [, name, value] = FIELD_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return fault('field line', line);
    fields.push([name.toLowerCase(), value]);
  }
  return { kind: 'whole', value: fields, end: 0 };
}

// RFC 9112 §6.3, without the tolerance it leaves to a recipient.
function bodyIn(bytes: string, start: number, fields: Fields): Part<string> {
  const lengths = valuesOf(fields, 'content-length');
  const codings = valuesOf(fields, 'transfer-encoding');
  if (valuesOf(fields, 'host').length > 1) return fault('framing', 'two hosts');
  if (lengths.length + codings.length > 1) return fault('framing', 'two lengths');
  const [coding] = codings;
  if (coding !== undefined) {
    return coding.toLowerCase() === 'chunked' ? chunksIn(bytes, start) : fault('coding', coding);
  }
  const [length = '0'] = lengths;
  if (!LENGTH.test(length)) return fault('length', length);
  const end = start + Number(length);
  return bytes.length < end ? PARTIAL : { kind: 'whole', value: bytes.slice(start, end), end };
}

function chunksIn(bytes: string, start: number): Part<string> {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return PARTIAL;
    const line = bytes.slice(at, lineEnd);
    const digits = CHUNK_LINE.exec(line)?.[1];
    if (digits === undefined) return fault('chunk', line);
    const size = parseInt(digits, 16);
    at = lineEnd + 2;
    if (size === 0) return trailersIn(bytes, at, body);
    if (bytes.length < at + size + 2) return PARTIAL;
    body += bytes.slice(at, at + size);
    at += size;
    if (bytes.slice(at, at + 2) !== '\r\n') return fault('chunk', 'no line end behind the data');
    at += 2;
  }
}

function trailersIn(bytes: string, start: number, body: string): Part<string> {
  const lines = linesTo('', bytes, start);
  if (lines.kind !== 'whole') return lines;
  const fields = fieldsIn(lines.value);
  return fields.kind === 'whole' ? { kind: 'whole', value: body, end: lines.end } : fields;
}

/** The lines before the first that equals `last`, which is read as well. */
function linesTo(last: string, bytes: string, start: number): Part<readonly string[]> {
  const lines: string[] = [];
  for (let at = start; ;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return PARTIAL;
    const line = bytes.slice(at, end);
    at = end + 2;
    if (line === last) return { kind: 'whole', value: lines, end: at };
    lines.push(line);
  }
}

/** The values of all fields of a name, given in lower case. */
export function valuesOf(fields: Fields, name: string): readonly string[] {
  return fields.filter(([found]) => found === name).map(([, value]) => value);
}

function fault(where: string, what: string): Part<never> {
  return { kind: 'fault', fault: `${where}: ${JSON.stringify(what.slice(0, 80))}` };
}
