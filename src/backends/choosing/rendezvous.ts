import { type Contender } from './balancer.js';
import { mixedHash } from './key-hash.js';

/** A contender whose place among the others is known by its name's hash, whoever comes and goes. */
export interface HashedContender extends Contender {
  /** 32 bits, of what stays the same when it restarts. */
  readonly nameHash: number;
  /** Its share when it is well; above 0. */
  readonly weight: number;
}

/** Above so many times its share of the load a backend passes new requests on to the next. */
const LOAD_BOUND = 1.25;

/**
 * The contender a key belongs to, so that equal keys meet the same prefix cache: rendezvous hashing
 * (Thaler and Ravishankar, 1998), weighted. One that goes away moves its own keys only, one that
 * comes takes no more than its share. One that has more than 1.25 times its share of the running
 * requests is passed over for the key's next (Mirrokni, Thorup and Zadimoghaddam, 2016), so that no
 * popular key overloads one while others are idle.
 *
 * @param key - 32 bits.
 * @returns null when there is none.
 */
export function rendezvous<C extends HashedContender>(
  contenders: readonly C[],
  key: number,
  nowMs: number,
): C | null {
  const loadPerWeight = boundPerWeight(contenders, nowMs);
  let best: C | null = null;
  let bestScore = -Infinity;
  for (const contender of contenders) {
    const score = scoreOf(contender, key);
    if (score <= bestScore) continue;
    // Somebody is always below: the bounds of all together are more than the load there is.
    const bound = Math.ceil(loadPerWeight * contender.weightAt(nowMs));
    if (contender.loadAt(nowMs) >= bound) continue;
    best = contender;
    bestScore = score;
  }
  return best;
}

function boundPerWeight(contenders: readonly Contender[], nowMs: number): number {
  let load = 1;
  let weight = 0;
  for (const contender of contenders) {
    load += contender.loadAt(nowMs);
    weight += contender.weightAt(nowMs);
  }
  return (LOAD_BOUND * load) / weight;
}

/** The logarithm makes the chance of the highest score proportional to the weight. */
function scoreOf({ nameHash, weight }: HashedContender, key: number): number {
  const evenlySpread = (mixedHash(key, nameHash) + 0.5) / 2 ** 32;
  return -weight / Math.log(evenlySpread);
}
