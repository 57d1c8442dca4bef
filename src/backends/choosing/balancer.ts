import { type Random } from '../../exchange/timing/random.js';

/** What the choice looks at in a backend. */
export interface Contender {
  /** Its share of the requests against the others' shares; above 0. */
  weightAt(nowMs: number): number;
  /** Running requests, and what recent failures count as. */
  loadAt(nowMs: number): number;
  /** Requests it got lately. */
  servedAt(nowMs: number): number;
}

/** What a choice depends on besides the backends: the time, and chance. */
export interface Moment {
  /** Of the clock that all states of backends are kept in. */
  readonly nowMs: number;
  readonly random: Random;
}

/**
 * Weighted least outstanding requests by the power of two choices (Mitzenmacher, 1996): two are
 * drawn by weight, and the one that would be no more loaded with the request than the other is
 * without it is taken. Closer than that the loads tell nothing: a small backend without a request is
 * no better than a big one with one. Then the one is taken that got less for its weight lately, which
 * keeps to the weights much closer than the draw alone.
 *
 * @returns null when there is none.
 */
export function leastLoadedOfTwo<C extends Contender>(
  contenders: readonly C[],
  { nowMs, random }: Moment,
): C | null {
  let total = 0;
  for (const contender of contenders) total += contender.weightAt(nowMs);
  const first = drawByWeight(contenders, null, nowMs, random() * total);
  if (first === null) return null;
  const rest = total - first.weightAt(nowMs);
  const second = drawByWeight(contenders, first, nowMs, random() * rest);
  if (second === null) return first;
  if (isClearlyLess(second, first, nowMs)) return second;
  if (isClearlyLess(first, second, nowMs)) return first;
  const servedByFirst = first.servedAt(nowMs) / first.weightAt(nowMs);
  const servedBySecond = second.servedAt(nowMs) / second.weightAt(nowMs);
  return servedBySecond < servedByFirst ? second : first;
}

/** Whether it would be no more loaded with the request than the other is without. */
function isClearlyLess(one: Contender, other: Contender, nowMs: number): boolean {
  const loadWithRequest = (one.loadAt(nowMs) + 1) / one.weightAt(nowMs);
  return loadWithRequest <= other.loadAt(nowMs) / other.weightAt(nowMs);
}

/** @param mark - from 0 up to the sum of the weights; whose part of it this falls into is drawn. */
function drawByWeight<C extends Contender>(
  contenders: readonly C[],
  except: C | null,
  nowMs: number,
  mark: number,
): C | null {
  let rest = mark;
  let last: C | null = null;
  for (const contender of contenders) {
    if (contender === except) continue;
    last = contender;
    rest -= contender.weightAt(nowMs);
    if (rest < 0) break;
  }
  return last;
}
