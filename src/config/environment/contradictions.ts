import { type ConfigFault } from '../config-error.js';

/** A variable and what it means, in a form that is equal for equal meanings; null when it says nothing. */
export interface Claim {
  readonly name: string;
  readonly meaning: string | number | null;
}

/** A fault for every claim that differs from the first one made; `why` ends the sentence. */
export function contradictions(claims: readonly Claim[], why: string): ConfigFault[] {
  const [first, ...others] = claims.filter(({ meaning }) => meaning !== null);
  if (first === undefined) return [];
  return others
    .filter(({ meaning }) => meaning !== first.meaning)
    .map(({ name }) => ({ path: first.name, message: `contradicts ${name}: ${why}` }));
}
