import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { converse } from './client.mjs';
import { kindAt } from './mix.mjs';

const TICK_MS = 20;
const MAX_AT_ONCE = 500;
/** Shorter than the gateway's, so that no request meets a connection that is being closed. */
const IDLE_MS = 5000;

/**
 * Sends the mix at a steady rate, never more than 500 at once, and waits for every end.
 * @param {object} load
 * @param {number} load.port
 * @param {number} load.requestsPerSecond
 * @param {number} load.durationMs
 * @param {number} load.firstTurn where in the mix it goes on; ids are counted from there
 * @returns {Promise<Map<string, import('./client.mjs').Note>>} by request id
 */
export async function applyLoad({ port, requestsPerSecond, durationMs, firstTurn }) {
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS });
  const notes = new Map();
  const running = new Set();
  const begin = (turn) => {
    const id = `soak-${turn}`;
    const ended = converse(kindAt(turn), { port, agent, id }).then((note) => {
      notes.set(id, note);
      running.delete(ended);
    });
    running.add(ended);
  };
  const startedAt = performance.now();
  let turn = firstTurn;
  try {
    for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startedAt) {
      const due = firstTurn + Math.ceil((requestsPerSecond * elapsedMs) / 1000);
      while (turn < due && running.size < MAX_AT_ONCE) begin(turn++);
      await wait(TICK_MS);
    }
    await Promise.all(running);
  } finally {
    agent.destroy();
  }
  return notes;
}
