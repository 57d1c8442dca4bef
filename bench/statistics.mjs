/**
 * @param {readonly number[]} values
 * @param {number} share 0.5 for the median, 0.99 for p99
 * @returns {number} the nearest-rank percentile; NaN of nothing
 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export function median(values) {
  return percentile(values, 0.5);
}
