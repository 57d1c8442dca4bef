/** A duration with one decimal, or a rate; null where it is not known. */
export function tenths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
