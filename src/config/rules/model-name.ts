const MAX_CHARS = 256;

/** What is wrong with a name offered to clients; null when nothing is. */
export function modelNameProblem(name: string): string | null {
  if (name in Object.prototype || name === 'prototype') return 'is not allowed as a name';
  // It is listed, logged and put into messages, where a line end would look like another line.
  return name.length <= MAX_CHARS && /^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u.test(name)
    ? null
    : `must have 1 to ${MAX_CHARS} characters, no control characters, and no space at either end`;
}
