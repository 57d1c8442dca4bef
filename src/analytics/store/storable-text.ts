/**
 * `JSON.stringify` escapes NUL and surrogates that stand alone, and nothing else this way (ECMA-262
 * §25.5.2.3, QuoteJSONString). An escape counts only behind an even number of backslashes.
 */
const UNSTORABLE = /(?<=(?:^|[^\\])(?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

const ESCAPE = String.raw`\u`;
const REPLACEMENT = String.raw`\ufffd`;

/**
 * Puts U+FFFD in place of characters that are no Unicode text: PostgreSQL refuses NUL in any
 * string (PostgreSQL documentation, §8.14), DuckDB refuses JSON with half a surrogate pair.
 *
 * @param json - as `JSON.stringify` writes it; several values may follow each other.
 */
export function storableJson(json: string): string {
  // Most text has no such escape, which is found out at the speed of memory.
  return json.includes(ESCAPE) ? json.replace(UNSTORABLE, REPLACEMENT) : json;
}
