/** A matcher of jest's. */
interface Matcher {
  readonly asymmetricMatch: (value: unknown) => boolean;
  readonly toAsymmetricMatcher: () => string;
}

/** A matcher for `toEqual` of values for which `isSo` holds; a failure shows `wanted`. */
export function matching(wanted: string, isSo: (value: unknown) => boolean): Matcher {
  const matcher = { asymmetricMatch: isSo, toAsymmetricMatcher: () => wanted };
  // What jest knows its own by, so that it prints `wanted` and not this object.
  return Object.assign(matcher, { $$typeof: Symbol.for('jest.asymmetricMatcher') });
}

/** Numbers, both ends included. */
export function between(least: number, most: number): Matcher {
  return matching(
    `${least} to ${most}`,
    (value) => typeof value === 'number' && value >= least && value <= most,
  );
}

export function orNull({ asymmetricMatch, toAsymmetricMatcher }: Matcher): Matcher {
  return matching(
    `${toAsymmetricMatcher()}, or null`,
    (value) => value === null || asymmetricMatch(value),
  );
}
