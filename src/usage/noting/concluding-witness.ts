import { type BodyWitness } from '../../exchange/reply/reply-witness.js';

/** Sees a body, and notes on its exchange what it said when that has ended. */
export interface ConcludingWitness extends BodyWitness {
  conclude(): void;
}
