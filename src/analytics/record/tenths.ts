/** What nine digits hold: 27 hours, or more tokens a second than there are. */
const MOST = 99_999_999.9;

/** A duration with one decimal, or a rate, at most {@link MOST}; null where it is not known. */
export function tenths(value: number | null): number | null {
  return value === null ? null : Math.min(MOST, Math.round(value * 10) / 10);
}
