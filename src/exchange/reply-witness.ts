import { type Reply } from './reply.js';

/** Sees what a backend answers without standing in its way, which would cost a subscription. */
export interface ReplyWitness {
  /**
   * A reply's body is about to be read.
   *
   * @returns who sees its bytes; null when nobody needs to
   */
  begin(reply: Reply): BodyWitness | null;
}

/** A body comes whole, or it breaks off, or its reader leaves. */
export type BodyEnding = 'whole' | 'cut';

/** Sees the bytes of a body, each time before its reader does. */
export interface BodyWitness {
  /** @param chunk - may be kept, but not changed */
  see(chunk: Uint8Array): void;
  /** Called once when nothing more will come; the reader was told before. */
  finish(ending: BodyEnding): void;
}
