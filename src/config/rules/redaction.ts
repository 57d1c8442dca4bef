import { readJsonPath } from './json-path.js';

/** What is wrong with an entry of `capture.redact`; null when nothing is. */
export function redactionProblem(entry: string): string | null {
  if (!entry.startsWith('$') || readJsonPath(entry) !== null) return null;
  return 'must be the name of a key, or a JSON path such as $.messages[*].content';
}
