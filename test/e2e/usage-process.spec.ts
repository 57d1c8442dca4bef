import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CountJob, textSource } from '../../src/usage/estimating/count-job.js';
import {
  frameBytes,
  MAX_FRAME_BYTES,
  MAX_REQUEST_BYTES,
} from '../../src/usage/estimating/process/count-frame.js';
import {
  TokenCounter,
  type TokenCounterOptions,
} from '../../src/usage/estimating/token-counter.js';
import { SAMPLE_BYTES } from '../../src/usage/noting/sample/reply-samples.js';
import { childOf, childrenOf, gone } from '../support/gateway/child-processes.js';

/** What `npm run build` makes, which `npm test` runs first. */
const COUNTER = fileURLToPath(
  new URL('../../dist/usage/estimating/token-counter.js', import.meta.url),
);
const PROGRAM = 'counting-process.js';

const counters: TokenCounter[] = [];
const gateways: ChildProcess[] = [];

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterEach(async () => {
  for (const counter of counters.splice(0)) counter.onApplicationShutdown();
  for (const pid of await childrenOf(process.pid)) await gone(pid);
});
afterAll(() => {
  for (const gateway of gateways) gateway.kill('SIGKILL');
  Logger.overrideLogger(true);
});

function counterWith(options?: Partial<TokenCounterOptions>): TokenCounter {
  const counter = new TokenCounter(options);
  counters.push(counter);
  return counter;
}

const requestOf = (text: string): CountJob => ({
  prompt: { is: 'request', bytes: Buffer.from(JSON.stringify({ prompt: text })) },
  reply: null,
});

const counted = (prompt: number) => ({ prompt, completion: null, reasoning: null });

const pidOf = (): Promise<number> => childOf(process.pid, PROGRAM);

/** Until the counter has heard of the end of its process, and may start another. */
async function room(counter: TokenCounter): Promise<void> {
  while (counter.isRunning || !counter.hasRoom) await setImmediate();
}

describe('the process that counts tokens', () => {
  it('starts with the first job, at the lowest priority and without the environment', async () => {
    const counter = counterWith();
    expect(counter.isRunning).toBe(false);
    const counts = counter.count(requestOf('one two'));
    const pid = await pidOf();
    // Long before it has begun to run.
    expect(getPriority(pid)).toBe(constants.priority.PRIORITY_LOW);
    expect(await counts).toEqual(counted(2));
    expect(getPriority()).not.toBe(constants.priority.PRIORITY_LOW);
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('PATH=');
  });

  it('ends when there was nothing to do for a while, and is started anew by a later job', async () => {
    const counter = counterWith({ idleMs: 0 });
    expect(await counter.count(requestOf('one'))).toEqual(counted(1));
    await room(counter);
    for (const pid of await childrenOf(process.pid)) await gone(pid);
    expect(await counter.count(requestOf('one two'))).toEqual(counted(2));
  });

  it('counts jobs of all sizes in their order, of which nothing is used later', async () => {
    const counter = counterWith();
    const jobs = Array.from({ length: 60 }, async (_, index) => {
      // The largest do not fit into a pipe, the others do.
      const words = index % 10 === 0 ? 40_000 : index;
      const bytes = Buffer.from(JSON.stringify({ prompt: ' one'.repeat(words) }));
      const reply = { bytes: Buffer.from('data: {}\n\n'), totalBytes: 10, isStream: true };
      const counts = counter.count({ prompt: { is: 'request', bytes }, reply });
      bytes.fill(0);
      reply.bytes.fill(0);
      expect(await counts).toEqual({ prompt: words, completion: 0, reasoning: null });
    });
    await Promise.all(jobs);
  });

  it('counts the largest jobs within the memory it has', async () => {
    const sample = Buffer.alloc(SAMPLE_BYTES, 'data: {"choices":[{"delta":{"content":"ü"}}]}\n\n');
    const reply = { bytes: sample, totalBytes: 10 * SAMPLE_BYTES, isStream: true };
    const counter = counterWith();
    const numbers = Buffer.from(`{"input":[${'1,'.repeat(MAX_REQUEST_BYTES / 2 - 10)}1]}`);
    const lists = Buffer.from(`{"input":[${'[],'.repeat(MAX_REQUEST_BYTES / 3 - 10)}[]]}`);
    for (const bytes of [numbers, lists]) {
      const counts = await counter.count({ prompt: { is: 'request', bytes }, reply });
      expect(counts?.prompt).not.toBeNull();
    }
    for (const text of ['ü', ' ', '😀', 'a b']) {
      const whole = text.repeat(MAX_REQUEST_BYTES / text.length);
      const prompt = textSource({ text: whole, factor: 1, frameTokens: 0 });
      const counts = await counter.count({ prompt, reply });
      expect(counts?.prompt).toBeGreaterThan(0);
      expect(counts?.completion).toBeGreaterThan(0);
    }
  });

  it('is given no more jobs than a bound', async () => {
    const counter = counterWith({ maxJobs: 2 });
    const jobs = ['one', 'one two', 'three'].map((text) => counter.count(requestOf(text)));
    expect(counter.hasRoom).toBe(false);
    expect(await Promise.all(jobs)).toEqual([counted(1), counted(2), null]);
    expect(counter.hasRoom).toBe(true);
  });

  it('is given no more bytes than a bound before it has answered', async () => {
    const job = requestOf('one '.repeat(4_000));
    const counter = counterWith({ maxBytes: MAX_FRAME_BYTES });
    expect(counter.hasRoom).toBe(true);
    const fitting = Math.floor(MAX_FRAME_BYTES / frameBytes(job));
    const counts = Array.from({ length: fitting + 1 }, () => counter.count(job));
    expect(counter.hasRoom).toBe(false);
    const outcomes = await Promise.all(counts);
    expect(outcomes.slice(0, -1)).not.toContain(null);
    expect(outcomes.at(-1)).toBeNull();
    expect(counter.hasRoom).toBe(true);
  });

  it('takes its jobs along when it is killed, and is started anew by a later one', async () => {
    const counter = counterWith({ pauseMs: 0 });
    expect(await counter.count(requestOf('one'))).toEqual(counted(1));
    const first = await pidOf();
    process.kill(first, 'SIGSTOP');
    const jobs = [1, 2].map(() => counter.count(requestOf('one')));
    process.kill(first, 'SIGKILL');
    expect(await Promise.all(jobs)).toEqual([null, null]);
    await room(counter);
    expect(await counter.count(requestOf('one two'))).toEqual(counted(2));
    expect(await pidOf()).not.toBe(first);
  });

  it('is not started anew at once, so that one which always fails costs little', async () => {
    const counter = counterWith({ pauseMs: 60_000 });
    const job = counter.count(requestOf('one'));
    process.kill(await pidOf(), 'SIGKILL');
    expect(await job).toBeNull();
    expect(counter.hasRoom).toBe(false);
    expect(await counter.count(requestOf('one'))).toBeNull();
    expect(counter.isRunning).toBe(false);
  });

  it('is killed when it hangs, which costs its jobs', async () => {
    const counter = counterWith({ answerMs: 1_000 });
    const jobs = [1, 2].map(() => counter.count(requestOf('one')));
    const pid = await pidOf();
    process.kill(pid, 'SIGSTOP');
    expect(await Promise.all(jobs)).toEqual([null, null]);
    await gone(pid);
  });

  it('goes on after the signals that a terminal sends to all processes', async () => {
    const counter = counterWith();
    expect(await counter.count(requestOf('one'))).toEqual(counted(1));
    const pid = await pidOf();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    expect(await counter.count(requestOf('one two'))).toEqual(counted(2));
    expect(await pidOf()).toBe(pid);
  });

  it('ends with the application, which answers what waits and takes nothing more', async () => {
    const counter = counterWith();
    const job = counter.count(requestOf('one'));
    const pid = await pidOf();
    counter.onApplicationShutdown();
    expect(await job).toBeNull();
    await gone(pid);
    expect(counter.hasRoom).toBe(false);
    expect(await counter.count(requestOf('one'))).toBeNull();
  });
});

/** A process that has a job counted and then does what is told. */
function gatewayThat(does: string, ...limit: readonly string[]): ChildProcess {
  const program = `
    const { TokenCounter } = await import(process.argv[1]);
    const counter = new TokenCounter();
    const bytes = Buffer.from('{"prompt":"one two"}');
    const job = { prompt: { is: 'request', bytes }, reply: null };
    ${does}`;
  const node = [process.execPath, '--input-type=module', '-e', program, COUNTER];
  const gateway = spawn('/bin/sh', ['-c', [...limit, 'exec "$@"'].join('; '), 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  gateways.push(gateway);
  return gateway;
}

/** All that is written until the last process that could write has ended, and how that was. */
async function endOf(gateway: ChildProcess) {
  let output = '';
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const closed: readonly unknown[] = await once(gateway, 'close');
  return { code: closed[0], output };
}

describe('the counting process of a gateway', () => {
  const SAID = `
    const timer = setInterval(() => counter, 1_000_000);
    const { prompt } = await counter.count(job);
    process.stdout.write(String(prompt));`;

  it('ends by itself when that is killed', async () => {
    const gateway = gatewayThat(SAID);
    if (gateway.stdout !== null) await once(gateway.stdout, 'data');
    const pid = await childOf(gateway.pid ?? 0, PROGRAM);
    gateway.kill('SIGKILL');
    await gone(pid);
  });

  it('holds back none that has nothing more to do', async () => {
    expect(await endOf(gatewayThat(`${SAID} clearInterval(timer);`))).toEqual({
      code: 0,
      output: '2',
    });
  });

  it('holds back none that has not got its answer', async () => {
    expect(await endOf(gatewayThat('void counter.count(job);'))).toEqual({ code: 0, output: '' });
  });

  it('costs none its life that has no file descriptor left', async () => {
    const gateway = gatewayThat(
      `const { openSync } = await import('node:fs');
      const { Logger } = await import('@nestjs/common');
      Logger.overrideLogger(false);
      try { for (;;) openSync('/dev/null'); } catch {}
      const counts = await counter.count(job);
      setImmediate(() => process.stdout.write(String(counts)));`,
      'ulimit -n 64',
    );
    expect(await endOf(gateway)).toEqual({ code: 0, output: 'null' });
  });
});
