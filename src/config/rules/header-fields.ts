// RFC 9110 §5.6.2 (token) and §5.5 (field-value, with obs-text).
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** RFC 6750 §2.1 allows fewer characters; what matters is that it is one word and ends no line. */
const BEARER_WORD = /^[\x21-\x7e]+$/;

/** Fields that frame the message or name its receiver: a configured one would break either. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a text can be the name of a header field. */
export function isFieldName(text: string): boolean {
  return TOKEN.test(text);
}

/** What is wrong with a key that is sent as `Authorization: Bearer …`; null when nothing is. */
export function apiKeyProblem(key: string): string | null {
  return BEARER_WORD.test(key)
    ? null
    : 'must be one word of printable ASCII, without "Bearer" and without line ends';
}

/** What is wrong with a set of fields, names only; null when nothing is. */
export function headersProblem(headers: object): string | null {
  const names = new Set<string>();
  const problems = Object.entries(headers).flatMap(([name, value]: [string, unknown]) => {
    const problem = fieldProblem(name, value, names);
    names.add(name.toLowerCase());
    return problem === null ? [] : [`${quoted(name)} ${problem}`];
  });
  return problems.length === 0 ? null : problems.join('; ');
}

function fieldProblem(name: string, value: unknown, others: ReadonlySet<string>): string | null {
  if (!isFieldName(name)) return 'is no name of a header';
  if (OWN_FIELDS.has(name.toLowerCase())) return 'is set by Sluice itself';
  if (others.has(name.toLowerCase())) return 'is given twice';
  if (typeof value !== 'string') return 'must have a string as its value';
  return FIELD_VALUE.test(value)
    ? null
    : 'has a value with a line end, another control character or one beyond Latin-1';
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
