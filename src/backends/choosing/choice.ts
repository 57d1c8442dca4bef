import { type BackendState } from '../state/backend-state.js';
import { leastLoadedOfTwo, type Moment } from './balancer.js';
import { usedOf } from './ejection.js';
import { narrowed } from './narrowed.js';
import { rendezvous } from './rendezvous.js';

/** What decides among backends that are as good as each other. */
export type Preference =
  | { readonly by: 'load' }
  /** Equal keys go to one place, see {@link rendezvous}. */
  | { readonly by: 'key'; readonly key: number }
  /** The first one, for what is stored there and must be found again. */
  | { readonly by: 'order' };

/** Among whom, and by what, a backend is chosen. */
export interface ChoiceQuery extends Moment {
  /** The backends that can serve the request: the primary ones, then those to fall back to. */
  readonly tiers: readonly (readonly BackendState[])[];
  /** Where this request has failed already. */
  readonly tried: readonly BackendState[];
  readonly preference: Preference;
}

/** `full`: all that may be used carry as much as they may; `none`: none may be used. */
export type Choice =
  | { readonly kind: 'chosen'; readonly backend: BackendState }
  | { readonly kind: 'full' }
  | { readonly kind: 'none' };

/**
 * Chooses a backend for an attempt: one that is well and not held back, in the first tier that has
 * one with room. Where no tier has one that is well, a first attempt is made at one that asked for a
 * pause, then at one that was ejected: its answer is worth more than none. A further attempt is not:
 * it would cost a request and hide the answer there is.
 */
export function chooseBackend(query: ChoiceQuery): Choice {
  const { nowMs } = query;
  const untroubled = untroubledPrimaries(query);
  if (untroubled !== null) return { kind: 'chosen', backend: untroubled };
  const tiers = query.tiers.map((backends) => usedOf(backends, nowMs));
  const usual = tiers.map((tier) => tier.usual ?? []);
  const well =
    query.preference.by === 'order'
      ? usual
      : usual.map((backends) => narrowed(backends, (backend) => !backend.isHeldAt(nowMs)));
  const choice = chooseIn(well, query);
  if (choice.kind !== 'none' || query.tried.length > 0) return choice;
  const held = chooseIn(usual, query);
  if (held.kind !== 'none') return held;
  return chooseIn(
    tiers.map((tier) => tier.forWantOfBetter),
    query,
  );
}

/**
 * The choice where there is nothing to avoid, which is nearly always: one look at each backend, in
 * place of one for each thing that may be wrong. With fifty backends that halves what routing costs.
 */
function untroubledPrimaries(query: ChoiceQuery): BackendState | null {
  const [primaries = []] = query.tiers;
  const isUntroubled =
    query.tried.length === 0 && primaries.every((backend) => backend.isUntroubledAt(query.nowMs));
  return isUntroubled ? preferred(primaries, query) : null;
}

function chooseIn(tiers: readonly (readonly BackendState[])[], query: ChoiceQuery): Choice {
  const { preference, tried } = query;
  // By order it is the first of all tiers or none: a tier with room is another place.
  const ranked = preference.by === 'order' ? [tiers.flat()] : tiers;
  let isFull = false;
  for (const backends of ranked) {
    const untried = narrowed(backends, (backend) => !tried.includes(backend));
    const backend = preferred(untried, query);
    if (backend !== null) return { kind: 'chosen', backend };
    isFull ||= untried.length > 0;
  }
  return { kind: isFull ? 'full' : 'none' };
}

function preferred(backends: readonly BackendState[], query: ChoiceQuery): BackendState | null {
  const { preference } = query;
  switch (preference.by) {
    case 'load':
      return leastLoadedOfTwo(withRoom(backends), query);
    case 'key':
      return rendezvous(withRoom(backends), preference.key, query.nowMs);
    case 'order':
      return withRoom(backends.slice(0, 1))[0] ?? null;
    default: {
      const exhaustiveCheck: never = preference;
      return exhaustiveCheck;
    }
  }
}

function withRoom(backends: readonly BackendState[]): readonly BackendState[] {
  return narrowed(backends, ({ isFull }) => !isFull);
}
