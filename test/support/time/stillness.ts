/** How often in a row nothing may have changed before it counts as still. */
const QUIET_ROUNDS = 10;

/**
 * Waits until a number no longer changes while other work goes round: what is paused stays where it
 * is however long one looks, and what is not runs on to its end.
 *
 * @param round - a round trip through the process that is watched.
 */
export async function untilStill(
  value: () => number,
  round: () => Promise<unknown>,
): Promise<number> {
  let last = value();
  for (let quiet = 0; quiet < QUIET_ROUNDS; quiet++) {
    await round();
    if (value() === last) continue;
    last = value();
    quiet = 0;
  }
  return last;
}
