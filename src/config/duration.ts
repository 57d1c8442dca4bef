/** Timers hold a 32-bit number of milliseconds; a longer wait would end at once. */
export const MAX_SECONDS = 2_147_483;

/** Whole milliseconds, at least 1 unless there are none: 0 means no limit and must stay that. */
export function toMs(seconds: number): number {
  return seconds === 0 ? 0 : Math.max(1, Math.round(seconds * 1000));
}
