import { type ReplyWitness } from '../../exchange/reply/reply-witness.js';

/**
 * Takes the place of a witness that already reads the decoded body, so that the coded bytes, as the
 * backend sends them, are not shown to it as well.
 */
export class BegunWitness implements ReplyWitness {
  constructor(private readonly begun: ReplyWitness) {}

  begin(): null {
    return null;
  }

  conclude(): void {
    this.begun.conclude();
  }
}
