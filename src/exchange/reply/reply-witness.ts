import { type Reply } from './reply.js';

/** Sees what a backend answers without standing in its way, which would cost a subscription. */
export interface ReplyWitness {
  /**
   * A reply's body is about to be read.
   *
   * @returns who sees its bytes; null when nobody needs to
   */
  begin(reply: Reply): BodyWitness | null;
  /** Called once, when the exchange has ended: notes on it what was seen, be it whole or cut. */
  conclude(): void;
}

/** Sees the bytes of a body, each time before its reader does. */
export interface BodyWitness {
  /** @param chunk - may be kept, but not changed */
  see(chunk: Uint8Array): void;
}
