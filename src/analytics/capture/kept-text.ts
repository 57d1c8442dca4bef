import { type CollectedText } from './reply-collector.js';

/** Stands for a text that was too long to be redacted. */
export const NOT_REDACTABLE = '[not kept: longer than max_bytes, so that it could not be redacted]';

export interface KeptTextOptions {
  readonly maxBytes: number;
  /** Of a JSON value; null where nothing is to be redacted. */
  readonly redact: ((value: unknown) => unknown) | null;
}

/**
 * What is kept of a body: its text, redacted where it is JSON, and cut at the bound. What was cut
 * before it could be redacted is not kept at all.
 */
export function keptText({ text, isCut }: CollectedText, options: KeptTextOptions): string {
  const { maxBytes, redact } = options;
  const value = redact === null ? undefined : parsed(text);
  if (redact !== null && isCut && value === undefined) return NOT_REDACTABLE;
  const kept = redact === null || value === undefined ? text : JSON.stringify(redact(value));
  return cut(kept, { maxBytes, wasCut: isCut });
}

interface CutOptions {
  readonly maxBytes: number;
  readonly wasCut: boolean;
}

function cut(text: string, { maxBytes, wasCut }: CutOptions): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return wasCut ? `${text}…` : text;
  // Not within a character: its continuation bytes (RFC 3629 §3) go with it.
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** Undefined where the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
