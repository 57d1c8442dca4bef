import { isInKnownYears } from './instant.js';
import { type Parameter, single, wrong } from './parameter.js';

/** Where a page ended: the last record of it. */
export interface Cursor {
  readonly startedAtMs: number;
  readonly recordId: string;
}

/** Milliseconds since 1970, then the record's id, which holds what ids hold. */
const CURSOR = /^(\d{1,15}) ([\x21-\x7e]{1,256})$/;

/** The `next_cursor` that leads to the page after this one. */
export function cursorText({ startedAtMs, recordId }: Cursor): string {
  return Buffer.from(`${startedAtMs} ${recordId}`).toString('base64url');
}

/** Where to go on; null begins with the newest. */
export const CURSOR_PARAMETER: Parameter<Cursor | null> = {
  name: 'cursor',
  description: 'The `next_cursor` of the page before. Keep the other parameters as they were.',
  schema: { type: 'string' },
  isRequired: false,
  read: (texts) => {
    const text = single('cursor', texts);
    return text === null ? null : cursorOf(text);
  },
};

function cursorOf(text: string): Cursor {
  const [, ms, recordId] = CURSOR.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (ms === undefined || recordId === undefined || !isInKnownYears(Number(ms))) {
    throw wrong('cursor', 'is none that this server gave: begin without it');
  }
  return { startedAtMs: Number(ms), recordId };
}
