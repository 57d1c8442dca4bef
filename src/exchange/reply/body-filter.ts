/**
 * Takes something out of what a backend answers before anyone else sees it. Not an Observable of
 * its own, which would cost every chunk a subscriber.
 */
export interface BodyFilter {
  /**
   * @param chunk - the filter's own from now on: it may keep it, and change it in place
   * @returns what passes of it and of what was held before; empty when nothing does
   */
  feed(chunk: Uint8Array): Uint8Array;
  /** The body has come whole. @returns what was still held */
  end(): Uint8Array;
  /** Called once, when the exchange has ended: notes on it what the held rest of a cut body says. */
  conclude(): void;
}
