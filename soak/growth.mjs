import { median } from '../bench/statistics.mjs';

/**
 * What more is there for each further request: the median of the slopes between all pairs of looks
 * (Theil 1950, Sen 1968). A look that is off hardly moves it; what is kept for each request moves it
 * by just that.
 * @param {readonly (readonly [requests: number, bytes: number])[]} looks
 * @returns {number} bytes per request; NaN of fewer than two looks
 */
export function bytesPerRequest(looks) {
  const slopes = looks.flatMap(([requests, bytes], index) =>
    looks
      .slice(index + 1)
      .filter(([later]) => later > requests)
      .map(([later, more]) => (more - bytes) / (later - requests)),
  );
  return median(slopes);
}
