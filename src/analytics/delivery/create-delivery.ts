import { join } from 'node:path';
import { type AnalyticsConfig } from '../../config/typed/analytics-config.js';
import { type Sink } from '../sinks/sink.js';
import { Delivery } from './delivery.js';
import { pause } from './pause.js';
import { newInstanceName, ownerHere } from './spool/owner.js';
import { SpoolBudget } from './spool/spool-budget.js';
import { DISK } from './spool/spool-files.js';
import { Spool } from './spool/spool.js';

/** Delivers to the sinks, with a spool on disk for each. */
export function createDelivery(
  { maxQueued, spool }: Pick<AnalyticsConfig, 'maxQueued' | 'spool'>,
  sinks: readonly Sink[],
  wallMs: () => number,
): Delivery {
  const instance = newInstanceName();
  const owner = ownerHere();
  const budget = new SpoolBudget(spool.maxBytes);
  return new Delivery({
    ...{ sinks, maxRecords: maxQueued, wallMs, random: Math.random, pause },
    spoolOf: ({ name }) =>
      new Spool({ path: join(spool.path, name), instance, owner, files: DISK, wallMs, budget }),
  });
}
