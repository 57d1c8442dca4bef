import { isFieldName } from './header-fields.js';
import { type AffinityConfig } from './sluice-config.js';

const HEADER = 'header:';

/** Reads `header:NAME` or `prefix`; undefined when it is neither, null for an empty text. */
export function readAffinity(text: string): AffinityConfig | null | undefined {
  if (text === '') return null;
  if (text === 'prefix') return { kind: 'prefix' };
  const name = text.startsWith(HEADER) ? text.slice(HEADER.length) : '';
  return isFieldName(name) ? { kind: 'header', name: name.toLowerCase() } : undefined;
}

/** What is wrong with an `affinity`; null when nothing is. */
export function affinityProblem(text: string): string | null {
  return readAffinity(text) === undefined
    ? 'must be "prefix", or "header:" and the name of a header, or empty'
    : null;
}
