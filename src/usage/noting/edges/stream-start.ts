import { type ReportedUsage } from '../../../exchange/facts/tokens-of.js';
import { byteString } from '../../../wire/byte-text.js';
import { firstUsageIn } from './notes-in.js';

/** Enough for the first event of a stream, also with pings and comments before it. */
const MAX_START_BYTES = 4_096;

/**
 * Looks for the usage at the start of a stream, over as many deliveries as it takes: a server may
 * send the name of an event and its data apart, and the network may cut anywhere.
 */
export class StreamStart {
  #usage: ReportedUsage | null = null;
  /** Null when there is nothing left to look for. */
  #text: string | null = '';

  /** What was found; null while it was not. */
  get usage(): ReportedUsage | null {
    return this.#usage;
  }

  look(chunk: Uint8Array): void {
    if (this.#text === null) return;
    const room = MAX_START_BYTES - this.#text.length;
    this.#text += byteString(chunk, 0, Math.min(chunk.length, room));
    this.#usage = firstUsageIn(this.#text);
    if (this.#usage !== null || this.#text.length === MAX_START_BYTES) this.#text = null;
  }
}
