import { describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.js';

function budgetAfter(requests: number, { share = 0.2 } = {}): RetryBudget {
  const budget = new RetryBudget(share);
  for (let request = 0; request < requests; request++) budget.noteRequest(0);
  return budget;
}

/** Retries until the budget is spent. */
function retriesOf(budget: RetryBudget, nowMs: number): number {
  let retries = 0;
  while (retries < 10_000 && budget.allowsAt(nowMs)) {
    budget.noteRetry(nowMs);
    retries++;
  }
  return retries;
}

describe('RetryBudget', () => {
  it('allows a fifth of the requests of the last ten seconds', () => {
    expect(retriesOf(budgetAfter(1000), 0)).toBe(200);
  });

  it.each([0, 1, 10, 50])('allows ten retries in ten seconds after %i requests', (requests) => {
    expect(retriesOf(budgetAfter(requests), 0)).toBe(10);
  });

  it('allows none when the share is 0', () => {
    expect(retriesOf(budgetAfter(1000, { share: 0 }), 0)).toBe(0);
  });

  it('forgets requests and retries after ten seconds', () => {
    const budget = budgetAfter(1000);
    retriesOf(budget, 5000);
    expect(budget.allowsAt(9999)).toBe(false);
    // The requests are forgotten, the retries still count.
    expect(budget.allowsAt(10_000)).toBe(false);
    expect(retriesOf(budget, 15_000)).toBe(10);
  });

  it('adds no more than 20% under load, however long everything fails', () => {
    const budget = new RetryBudget(0.2);
    let retries = 0;
    for (let nowMs = 0; nowMs < 600_000; nowMs += 10) {
      budget.noteRequest(nowMs);
      if (!budget.allowsAt(nowMs)) continue;
      budget.noteRetry(nowMs);
      retries++;
    }
    expect(retries / 60_000).toBeGreaterThan(0.19);
    expect(retries / 60_000).toBeLessThanOrEqual(0.2);
  });
});
