import { describe, expect, it } from '@jest/globals';
import { chooseBackend } from '../../src/backends/choosing/choice.js';
import { hashOf } from '../../src/backends/choosing/key-hash.js';
import { type BackendState } from '../../src/backends/state/backend-state.js';
import { everyMsFor, fiftyBackends, wellBackend } from './fleet.js';
import { simulate } from './traffic.js';

const REQUESTS = 10_000;
const CONVERSATIONS = 500;

interface Visit {
  readonly conversation: number;
  readonly backend: string;
}

/** How many of the visits are to the backend that their conversation visits most. */
function visitsAtHome(visits: readonly Visit[]): number {
  const perPlace = new Map<string, number>();
  const atHome = Array.from({ length: CONVERSATIONS }, () => 0);
  for (const { conversation, backend } of visits) {
    const place = `${conversation} ${backend}`;
    const count = (perPlace.get(place) ?? 0) + 1;
    perPlace.set(place, count);
    atHome[conversation] = Math.max(atHome[conversation] ?? 0, count);
  }
  return atHome.reduce((total, count) => total + count, 0);
}

function runningAt(states: readonly BackendState[]): number {
  return states.reduce((total, { inFlight }) => total + inFlight, 0);
}

describe('conversations of uneven size over 50 backends', () => {
  it('stay in one place for the most part, and no backend has more than its bound', () => {
    const visits: Visit[] = [];
    let highestFill = 0;
    simulate({
      backends: fiftyBackends(() => wellBackend({ slots: 100 })),
      requests: REQUESTS,
      everyMs: everyMsFor(4),
      chooser: (random) => (states, nowMs) => {
        // The lower a conversation's number, the more requests it has.
        const conversation = Math.floor(CONVERSATIONS * random() ** 2);
        const preference = { by: 'key', key: hashOf(String(conversation)) } as const;
        const choice = chooseBackend({ tiers: [states], tried: [], preference, nowMs, random });
        if (choice.kind !== 'chosen') return null;
        const { name, inFlight } = choice.backend;
        const bound = Math.ceil((1.25 * (runningAt(states) + 1)) / 50);
        highestFill = Math.max(highestFill, (inFlight + 1) / bound);
        visits.push({ conversation, backend: name });
        return choice.backend;
      },
      seed: 8,
    });
    expect(visits).toHaveLength(REQUESTS);
    expect(highestFill).toBe(1);
    expect(visitsAtHome(visits) / REQUESTS).toBeGreaterThan(0.5);
  });
});
