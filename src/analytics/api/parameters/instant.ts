import { type Parameter, single, wrong } from './parameter.js';

/** Below it a number counts seconds (until the year 5138), from it on milliseconds (since 1973). */
const LEAST_MS = 100_000_000_000;

const COUNT = /^\d{1,15}(?:\.\d{1,9})?$/;

/** ISO 8601 as RFC 3339 §5.6 narrows it; here the time, its seconds and the offset may be absent. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?([Zz]|[+\- ]\d{2}:?\d{2})?)?$/;

/** The years that both databases know, and that ISO 8601 writes with four digits. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a moment, in milliseconds since 1970, is of the years 1 to 9999. */
export function isInKnownYears(ms: number): boolean {
  return ms >= FIRST_MS && ms <= LAST_MS;
}

/** A moment in milliseconds since 1970; null where it is absent. */
export function instantParameter(name: string, description: string): Parameter<number | null> {
  return {
    name,
    description: `${description} ISO 8601 (UTC without an offset), or seconds or milliseconds since 1970.`,
    schema: { type: 'string', examples: ['2026-01-31T09:30:00Z', '1769851800'] },
    isRequired: false,
    read: (texts) => {
      const text = single(name, texts);
      if (text === null) return null;
      const ms = instantOf(text);
      if (ms === null) {
        throw wrong(
          name,
          'is no time of the years 0001 to 9999: write 2026-01-31T09:30:00Z or 1769851800',
        );
      }
      return ms;
    },
  };
}

/** @returns milliseconds since 1970; null for what is no time, such as 30 February or the year 0 */
export function instantOf(text: string): number | null {
  const ms = msOf(text);
  return ms !== null && isInKnownYears(ms) ? ms : null;
}

function msOf(text: string): number | null {
  if (COUNT.test(text)) {
    const count = Number(text);
    return Math.round(count < LEAST_MS ? count * 1_000 : count);
  }
  const parts = DATE_TIME.exec(text);
  if (parts === null) return null;
  const [, date = '', time = '00:00', seconds = ':00', offset = 'Z'] = parts;
  // A plus sign that was not percent-encoded has become a space on its way.
  const zone = offset.toUpperCase().replace(' ', '+');
  const ms = Date.parse(`${date}T${time}${seconds}${zone}`);
  return Number.isNaN(ms) || !isDate(date) ? null : ms;
}

// Date.parse takes 30 February for 2 March.
function isDate(date: string): boolean {
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(date);
}
