/** A model server that was restarted has cold caches, and may be killed by its full share at once. */
const SLOW_START_MS = 30_000;

/** The part of its weight that a backend has while it is on trial, and begins with after it. */
export const TRIAL_SHARE = 0.1;

/**
 * The part of its weight that a backend gets some time after it came back.
 *
 * @param recoveredAtMs - null for one that never was away.
 * @returns {@link TRIAL_SHARE} to 1, growing evenly for 30 s.
 */
export function slowStartShare(recoveredAtMs: number | null, nowMs: number): number {
  if (recoveredAtMs === null) return 1;
  const passed = (nowMs - recoveredAtMs) / SLOW_START_MS;
  return passed >= 1 ? 1 : TRIAL_SHARE + (1 - TRIAL_SHARE) * Math.max(0, passed);
}
