import { jsonValueIn } from '../../wire/json/json-value.js';
import { type CollectedText } from './reply-collector.js';

/** Stands for a text that was too long to be redacted. */
export const NOT_REDACTABLE = '[not kept: longer than max_bytes, so that it could not be redacted]';

/** Stands for a text in which nothing could be found that is to be redacted. */
export const NOT_JSON = '[not kept: no JSON, so that it could not be redacted]';

/** How much of a body is kept, and what is taken out of it. */
export interface KeptTextOptions {
  readonly maxBytes: number;
  /** Of a JSON value; null where nothing is to be redacted. */
  readonly redact: ((value: unknown) => unknown) | null;
  /** The text without any key. */
  readonly mask: (collected: CollectedText) => string;
}

/**
 * What is kept of a body: its text without keys, redacted, and cut at the bound. Only JSON can be
 * redacted. Where that is asked for, other text is not kept at all, nor is JSON of which a part is
 * missing.
 */
export function keptText(collected: CollectedText, options: KeptTextOptions): string {
  const { isCut } = collected;
  const text = redacted(collected, options);
  if (text === null) return isCut ? NOT_REDACTABLE : NOT_JSON;
  return cut(options.mask({ text, isCut }), { maxBytes: options.maxBytes, wasCut: isCut });
}

/** The text redacted; null where that is asked for and the text is no JSON. */
function redacted({ text }: CollectedText, { redact }: KeptTextOptions): string | null {
  if (redact === null) return text;
  const value = jsonValueIn(text);
  return value === undefined ? null : JSON.stringify(redact(value));
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
