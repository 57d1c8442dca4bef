import { narrowed } from './narrowed.js';

/** What decides whether a backend is used at all. */
export interface Ejectable {
  /** Known to be down: a request there would be lost. */
  readonly isDown: boolean;
  /** Whether its breaker lets one more request through. */
  admitsAt(nowMs: number): boolean;
}

/** Of the backends that are up, at least so many stay in use, whatever their breakers say. */
const MIN_USED = 0.5;

/**
 * Which of the backends are used. Those that fail are ejected as long as half of what is up stays
 * in use. When more of them look bad, what they have in common is more likely the requests or the
 * network; the few left would fall under the load of all. Then all that are up are used, so the last
 * one is never ejected. Those known to be down are never used.
 *
 * @returns `usual`: those that are admitted; null when there are none at all, so that others may be
 * preferred to `forWantOfBetter`: all that are up.
 */
export function usedOf<E extends Ejectable>(
  backends: readonly E[],
  nowMs: number,
): { readonly usual: readonly E[] | null; readonly forWantOfBetter: readonly E[] } {
  const up = narrowed(backends, ({ isDown }) => !isDown);
  const admitted = narrowed(up, (backend) => backend.admitsAt(nowMs));
  if (admitted.length === 0) return { usual: null, forWantOfBetter: up };
  const isEnough = admitted.length >= MIN_USED * up.length;
  return { usual: isEnough ? admitted : up, forWantOfBetter: up };
}
