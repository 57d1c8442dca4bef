/** W3C Trace Context §3.2.2: version, trace id, parent id, flags; of later versions, what they add. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/;

/** Length of what every version has. */
const COMMON_CHARS = 55;

/** A valid `traceparent`, without what a later version adds; null for any other. */
export function readTraceparent(field: string | null): string | null {
  if (field === null || !TRACEPARENT.test(field)) return null;
  if (field.length === COMMON_CHARS) return field;
  return field.startsWith('00') || field[COMMON_CHARS] !== '-'
    ? null
    : field.slice(0, COMMON_CHARS);
}
