import { type Backoff, backoffMs } from '../../exchange/timing/backoff.js';
import { type Random } from '../../exchange/timing/random.js';

/** How long a sink is left alone after a failure. */
const SINK_BACKOFF: Backoff = { firstMs: 100, capMs: 30_000 };

/** Refusals of a whole batch before it is taken apart: a sink may have a bad moment. */
const WHOLE_REFUSALS = 3;

/**
 * Refusals of a single record before it is dropped, where no other of its batch has been written.
 * They take eight minutes: the sink itself may be ill, and then every record dropped is a loss.
 */
const LONE_REFUSALS = 40;

/**
 * How long a sink is left alone after a failure.
 *
 * @param failure - how many in a row, this one included.
 * @returns 0 up to 100 ms, doubling with each failure up to 30 s.
 */
export function sinkBackoffMs(failure: number, random: Random): number {
  return backoffMs(failure, SINK_BACKOFF, random);
}

/** A batch that a sink did not take though it could be opened, and what came before. */
export interface Refusal {
  readonly records: number;
  /** Of this very batch, this one included. */
  readonly refusals: number;
  /** Whether it is what is left of a batch that was taken apart. */
  readonly isPart: boolean;
  /** Whether other records of that batch have been written. */
  readonly wereOthersWritten: boolean;
}

/**
 * What is to be done with a batch that was refused: one bad record must not hold up all others, and
 * a sink that is ill must not be mistaken for a bad record.
 */
export function afterRefusal(refusal: Refusal): 'retry' | 'split' | 'drop' {
  const { records, refusals, isPart, wereOthersWritten } = refusal;
  if (records > 1) return isPart || refusals >= WHOLE_REFUSALS ? 'split' : 'retry';
  return wereOthersWritten || refusals >= LONE_REFUSALS ? 'drop' : 'retry';
}
