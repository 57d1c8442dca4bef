import { type Parameter, single, wrong } from './parameter.js';

/** Below it a number counts seconds (until the year 5138), from it on milliseconds (since 1973). */
const LEAST_MS = 100_000_000_000;

const COUNT = /^\d{1,15}(?:\.\d{1,9})?$/;

/** ISO 8601 as RFC 3339 §5.6 narrows it; here the time, its seconds and the offset may be absent. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?([Zz]|[+\- ]\d{2}:?\d{2})?)?$/;

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
      if (ms === null) throw wrong(name, 'is no time: write 2026-01-31T09:30:00Z or 1769851800');
      return ms;
    },
  };
}

/** @returns milliseconds since 1970; null for what is no time, such as 30 February */
export function instantOf(text: string): number | null {
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
