import { chatRequest } from './chat-request.mjs';
import { driveLanes } from './lanes.mjs';
import { hasWrk, loadWithWrk } from './wrk.mjs';

/**
 * Whole replies per second: by `wrk` where it is installed, else by connections of our own, which
 * take more of the load's core and so hold a fast subject back.
 * @param {{ port: number, model: string, connections: number, durationMs: number }} load
 * @returns {Promise<number>}
 * @throws when a reply is not a 200 or a connection is cut
 */
export function repliesPerSecond(load) {
  return hasWrk() ? loadWithWrk(load) : loadFromHere(load);
}

async function loadFromHere({ port, model, connections, durationMs }) {
  const startedAt = performance.now();
  const replies = await driveLanes({
    port,
    request: chatRequest(model),
    connections,
    isOver: () => performance.now() - startedAt >= durationMs,
  });
  return replies / ((performance.now() - startedAt) / 1000);
}
