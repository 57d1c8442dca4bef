import { type Observable } from 'rxjs';
import { type Route } from '../route.js';

/**
 * Header fields as they came: name, value, name, value …, order, case and duplicates kept.
 * Hop-by-hop fields are already gone.
 */
export type RawHeaders = readonly string[];

/** What a backend (or Sluice itself) answers: the head at once, the body as it arrives. */
export interface Reply {
  readonly status: number;
  readonly headers: RawHeaders;
  /**
   * The body's bytes. A chunk has no meaning: it need not hold a whole line, event or character.
   * Errors with an {@link ExchangeError} when it ends before its time. Subscribe synchronously,
   * once; unsubscribing cancels the upstream request.
   */
  readonly body: Observable<Uint8Array>;
  /** Where it came from; null for a reply of Sluice's own. */
  readonly route: Route | null;
}
