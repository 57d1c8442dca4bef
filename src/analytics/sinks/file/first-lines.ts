const LINE_FEED = 0x0a;

/**
 * As many lines from the beginning as fit; at least one.
 *
 * @param lines - each ended by LF
 */
export function firstLines(lines: Buffer, maxBytes: number): Buffer {
  if (lines.length <= maxBytes) return lines;
  const fitting = lines.subarray(0, Math.max(0, maxBytes)).lastIndexOf(LINE_FEED) + 1;
  return lines.subarray(0, fitting > 0 ? fitting : lengthOfFirst(lines));
}

/** Of the first line, its end included. */
export function lengthOfFirst(lines: Buffer): number {
  const end = lines.indexOf(LINE_FEED);
  return end < 0 ? lines.length : end + 1;
}
