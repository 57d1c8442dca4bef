import { findJsonFault, type JsonFault } from './json-fault.js';
import { MAX_JSON_DEPTH } from './json-reader.js';

/** What keeps bytes from being a JSON text that is accepted. */
export type JsonTextErrorKind = 'not-utf8' | 'not-json';

/** A request body that cannot be read as JSON. The message is fit for the client. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';

  constructor(
    readonly kind: JsonTextErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

// A byte order mark is kept so that it is refused: RFC 8259 §8.1 forbids to send one, and positions
// in the text must be positions in the bytes that go upstream.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a request body.
 *
 * @param bytes - the whole body.
 * @returns the value, as `JSON.parse` gives it: of members with one name the last.
 * @throws JsonTextError when the bytes are not UTF-8, or not JSON (RFC 8259), begin with a byte
 * order mark, or are nested deeper than {@link MAX_JSON_DEPTH}: exactly what `parseSpans` refuses.
 */
export function parseRequestJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  const fault = findJsonFault(text);
  if (fault !== null) {
    throw new JsonTextError('not-json', `body is not valid JSON: ${sentence(fault, text)}`);
  }
  const value: unknown = JSON.parse(text);
  return value;
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new JsonTextError('not-utf8', 'body is not valid UTF-8', { cause });
  }
}

function sentence(fault: JsonFault, text: string): string {
  switch (fault.kind) {
    case 'end':
      return `unexpected end at position ${fault.at}`;
    case 'character':
      return `unexpected ${named(text.charCodeAt(fault.at))} at position ${fault.at}`;
    case 'depth':
      return `nested deeper than ${MAX_JSON_DEPTH} levels`;
    default: {
      const exhaustiveCheck: never = fault;
      return exhaustiveCheck;
    }
  }
}

/** A character as a message can show it: one that prints itself, any other its code. */
function named(code: number): string {
  if (code > 0x20 && code < 0x7f) return `'${String.fromCharCode(code)}'`;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
