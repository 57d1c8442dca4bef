import { type DropCause } from '../drop-counts.js';
import { type SealedBatch } from '../sealed-batch.js';
import { type Segment } from './segment.js';
import { type Spool } from './spool.js';

/** Puts batches on disk, and remembers what the disk said last. */
export class SpoolInlet {
  #refusal: DropCause | null = null;

  /** @param onFailure - told when the disk does not take records, and why. */
  constructor(
    private readonly spool: Spool,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Why the latest batch was not taken; null when it was, or none was offered. */
  get refusal(): DropCause | null {
    return this.#refusal;
  }

  /** @returns where the batch is now; null when the disk refused it */
  async append({ jsonLines, oldestMs }: SealedBatch): Promise<Segment | null> {
    const result = await this.spool.append(jsonLines, oldestMs);
    switch (result.kind) {
      case 'kept':
        this.#refusal = null;
        return result.segment;
      case 'full':
        this.#refused('spool_full', new Error('the spool has reached spool.max_bytes'));
        return null;
      case 'disk':
        this.#refused('disk', result.error);
        return null;
      default: {
        const exhaustiveCheck: never = result;
        return exhaustiveCheck;
      }
    }
  }

  #refused(cause: DropCause, error: unknown): void {
    this.#refusal = cause;
    this.onFailure(error);
  }
}
