import { setTimeout as wait } from 'node:timers/promises';
import { look, metricsOf } from './samples.mjs';

const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 500;
/** What the questions of the soak itself hold open. */
const SPARE_SOCKETS = 4;

/**
 * Waits until a gateway that has nothing to do has let go of its connections, written its records
 * and read its configuration, for half a minute at most.
 * @param {import('../demo/sluice.mjs').RunningSluice} gateway
 * @param {object} wanted
 * @param {{ sockets: number }} wanted.before as it was before the load
 * @param {number} wanted.requests how many records there are at least
 * @param {{ right: number, wrong: number }} wanted.reloads how many it has to notice
 * @returns {Promise<{ after: Awaited<ReturnType<typeof look>>, summary: Record<string, any> }>} as
 *   far as it came
 */
export async function settled(gateway, { before, requests, reloads }) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const after = await look(gateway);
    const summary = await (await fetch(`${gateway.url}/analytics/summary`)).json();
    const metrics = await metricsOf(gateway.url);
    const isSettled =
      hasLetGo(after, before) &&
      summary.requests >= requests &&
      metrics('sluice_analytics_queue') === 0 &&
      metrics('sluice_config_reloads_total') >= reloads.right + reloads.wrong;
    if (isSettled || performance.now() > giveUpAt) return { after, summary };
    await wait(LOOK_EVERY_MS);
  }
}

/** Whether no more sockets are open than before the load, and than it takes to ask. */
export function hasLetGo(after, before) {
  return after.sockets <= before.sockets + SPARE_SOCKETS;
}

/** Calls what is to be done at the end, the last first; each is done once. */
export async function afterAll(endings) {
  for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
}
