import { type Choice, chooseBackend } from '../backends/choosing/choice.js';
import { type BackendState } from '../backends/state/backend-state.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Clock } from '../exchange/timing/clock.js';
import { type RoutePlan } from './route-plan.js';
import { hasTimeLeft } from './time-left.js';

const NONE: readonly BackendState[] = [];

/** Knows which backends the next attempt at one exchange may go to. */
export class Candidates {
  readonly #tried: BackendState[] = [];

  constructor(
    private readonly exchange: Exchange,
    private readonly plan: RoutePlan,
    private readonly clock: Clock,
  ) {}

  /** An attempt there came to no good end. */
  noteTried(backend: BackendState): void {
    if (!this.#tried.includes(backend)) this.#tried.push(backend);
  }

  /**
   * The backend for an attempt, or why there is none.
   *
   * @param late - backends that have no time left for it
   */
  choose(late: readonly BackendState[] = NONE): Choice {
    const { serving, preference } = this.plan;
    return chooseBackend({
      tiers: serving.tiers,
      tried: late.length === 0 ? this.#tried : [...this.#tried, ...late],
      preference,
      nowMs: this.clock.monotonicMs(),
      random: Math.random,
    });
  }

  /**
   * The backend whose answer had the exchange carried once more: what another one would say to it is
   * no answer to the first.
   */
  askedBefore(): BackendState | null {
    const { route } = this.exchange;
    if (route === null) return null;
    const all = this.plan.serving.tiers.flat();
    const asked = all.find(({ name }) => name === route.backend.name);
    return asked === undefined || asked.isFull ? null : asked;
  }

  /** Whether the limits of a backend leave the exchange any time there. */
  hasTime(backend: BackendState): boolean {
    return hasTimeLeft(this.exchange, this.plan.serving.timeoutsOf(backend));
  }

  /** The one that was tried last, while it has room and time for it. */
  again(failed: BackendState): BackendState | null {
    return failed.isFull || !this.hasTime(failed) ? null : failed;
  }

  /** One that was not tried and has time for it. */
  other(): BackendState | null {
    const late: BackendState[] = [];
    for (;;) {
      const choice = this.choose(late);
      if (choice.kind !== 'chosen') return null;
      if (this.hasTime(choice.backend)) return choice.backend;
      late.push(choice.backend);
    }
  }
}
