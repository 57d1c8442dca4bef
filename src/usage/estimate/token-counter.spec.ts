import { afterEach, describe, expect, it } from '@jest/globals';
import { getPriority } from 'node:os';
import { TokenCounter, type TokenCounterOptions } from './token-counter.js';

const counters: TokenCounter[] = [];

function counter(options?: TokenCounterOptions): TokenCounter {
  const started = new TokenCounter(options);
  counters.push(started);
  return started;
}

afterEach(async () => {
  for (const started of counters.splice(0)) await started.onApplicationShutdown();
});

describe('TokenCounter', () => {
  it("counts as OpenAI's models do since GPT-4o, special tokens as the text they are", async () => {
    const texts = ['', 'hello world', 'Grüß dich, Welt!', '<|endoftext|>'];
    expect(await counter().count(texts)).toEqual([0, 2, 7, 7]);
  });

  it('counts words of any length in little time', async () => {
    const [letters = 0, spaces = 0] =
      (await counter().count(['a'.repeat(262_144), ' '.repeat(262_144)])) ?? [];
    expect(letters).toBe(262_144 / 8);
    expect(spaces).toBeLessThan(10_000);
  });

  it('starts its thread with the first job, at the lowest priority there is, and ends it when idle', async () => {
    const priority = getPriority();
    const idle = counter({ maxJobs: 1, idleMs: 0 });
    expect(idle.isRunning).toBe(false);
    expect(await idle.count(['a'])).toEqual([1]);
    expect(getPriority()).toBe(priority);
    while (idle.isRunning) await new Promise(setImmediate);
    expect(await idle.count(['a b'])).toEqual([2]);
  });

  it('takes no more jobs than its bound', async () => {
    const small = counter({ maxJobs: 2, idleMs: 60_000 });
    const jobs = [small.count(['a']), small.count(['b']), small.count(['c'])];
    expect(small.hasRoom).toBe(false);
    expect(await Promise.all(jobs)).toEqual([[1], [1], null]);
    expect(small.hasRoom).toBe(true);
  });

  it('answers what waits when the application ends, and takes nothing more', async () => {
    const ending = counter();
    const job = ending.count(['a']);
    await ending.onApplicationShutdown();
    expect(await job).toBeNull();
    expect(await ending.count(['a'])).toBeNull();
  });
});
