/** A text with its escapes decoded, or what is wrong with them. */
export type Unescaped =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly problem: string };

const ESCAPE = /\\u([0-9a-fA-F]{4})|\\n/g;
const BROKEN_ESCAPE = /\\u(?![0-9a-fA-F]{4})/;

/**
 * Decodes `\uXXXX` and `\n`; any other backslash is one. What is decoded is not looked at again, so
 * that `\u005cn` is a backslash and an n.
 */
export function unescape(text: string): Unescaped {
  if (BROKEN_ESCAPE.test(text)) {
    return { kind: 'fault', problem: 'has a \\u without four hexadecimal digits after it' };
  }
  const decode = (_: string, code: string | undefined) =>
    code === undefined ? '\n' : String.fromCharCode(Number.parseInt(code, 16));
  return { kind: 'text', text: text.replace(ESCAPE, decode) };
}
