import { type ReplyWitness } from '../../exchange/reply/reply-witness.js';

/** Stands for a witness that sees a body decoded, and so not as the backend sends it. */
export class BegunWitness implements ReplyWitness {
  constructor(private readonly begun: ReplyWitness) {}

  begin(): null {
    return null;
  }

  conclude(): void {
    this.begun.conclude();
  }
}
