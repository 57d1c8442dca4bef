import { type Subscriber } from 'rxjs';
import { type BodyWitness } from '../reply-witness.js';

/**
 * Gives the reader of a body what passes of it, if anything does. A mistake in making it, or of the
 * witness, is an error that the reader gets, in place of waiting for good.
 */
export function passOn(
  reader: Subscriber<Uint8Array>,
  passing: () => Uint8Array,
  witness: BodyWitness | null = null,
): void {
  try {
    const bytes = passing();
    if (bytes.length === 0) return;
    witness?.see(bytes);
    reader.next(bytes);
  } catch (error) {
    reader.error(error);
  }
}
