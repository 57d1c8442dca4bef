import { isFieldName } from '../rules/header-fields.js';

/** What makes requests of one conversation go to one backend, so that its prefix cache is hit. */
export type AffinityConfig =
  /** The value of a request header; the name is in lower case. */
  | { readonly kind: 'header'; readonly name: string }
  /** The first messages of the conversation. */
  | { readonly kind: 'prefix' };

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
