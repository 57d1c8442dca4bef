import { type Segment } from './segment.js';
import { isMissing, type Spool } from './spool.js';

/** A segment with its lines. */
export interface ReadSegment {
  readonly segment: Segment;
  readonly bytes: Buffer;
}

/**
 * Reads the oldest segment of a spool that can be read, and gets those before it out of the way.
 *
 * @param onFailure - told why one cannot be read.
 * @returns null when there is none
 */
export async function oldestSegment(
  spool: Spool,
  onFailure: (error: unknown) => void,
): Promise<ReadSegment | null> {
  for (let segment = spool.first(); segment !== null; segment = spool.first()) {
    try {
      return { segment, bytes: await spool.read(segment) };
    } catch (error) {
      if (isMissing(error)) {
        // A gateway that held this one for dead has it.
        await spool.remove(segment);
      } else {
        spool.passOver(segment);
        onFailure(error);
      }
    }
  }
  return null;
}
