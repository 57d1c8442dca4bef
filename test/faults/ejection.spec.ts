import { describe, expect, it } from '@jest/globals';
import { chatText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { advanceClock } from '../support/time/advance-clock.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayOf, gatewayWith, clientOf } = useScenes();

const WELL: UpstreamScript = (turn) => turn.json('"well"');
const BUSY: UpstreamScript = (turn) => turn.json('"busy"', { status: '503 Busy' });
const HANGING: UpstreamScript = async (turn) => {
  await turn.closed();
};

/** As many failures in a row as have a backend ejected, and for how long the first time. */
const FAILURES = 5;
const FIRST_EJECTION_MS = 5_000;

/** Who answered, after how many attempts. */
async function answerTo(sender: RawClient): Promise<string> {
  sender.send(chatText());
  const { status, headerLines } = await sender.reply();
  const by = headerIn(headerLines, 'x-sluice-backend');
  return `${status} of ${by} at ${headerIn(headerLines, 'x-sluice-attempts')}`;
}

async function answersTo(sender: RawClient, count: number): Promise<string[]> {
  const answers: string[] = [];
  for (let asked = 0; asked < count; asked++) answers.push(await answerTo(sender));
  return answers;
}

const times = (count: number, answer: string): string[] =>
  Array.from({ length: count }, () => answer);

/** A primary that fails in its way, and one that is well behind it; 0 waits for ever. */
async function illBeforeWell(script: UpstreamScript, headersMs = 0) {
  const ill = await upstreamOf(script);
  const well = await upstreamOf(WELL);
  const timeouts = { connectMs: 5_000, headersMs, firstTokenMs: 0, idleMs: 0, totalMs: 0 };
  const gateway = await gatewayWith({
    ...configOf([backend(ill.url, { name: 'ill', timeouts })]),
    fallbackBackends: [backend(well.url, { name: 'well' })],
  });
  return { ill, well, gateway, sender: await clientOf(gateway) };
}

describe('a backend that fails again and again', () => {
  it.each([
    ['answers 503', BUSY, 0],
    ['accepts requests and never answers', HANGING, 50],
  ])('is asked no more when it %s', async (_how, script, headersMs) => {
    const { ill, sender } = await illBeforeWell(script, headersMs);
    expect(await answersTo(sender, FAILURES)).toEqual(times(FAILURES, '200 of well at 2'));
    expect(await answersTo(sender, 20)).toEqual(times(20, '200 of well at 1'));
    expect(ill.requests).toHaveLength(FAILURES);
  });

  it('is tried again when its time is over, and serves as before when it is well', async () => {
    const { ill, gateway, sender } = await illBeforeWell(BUSY);
    await answersTo(sender, FAILURES);
    ill.become(WELL);
    expect(await answerTo(sender)).toBe('200 of well at 1');
    advanceClock(gateway, FIRST_EJECTION_MS);
    expect(await answersTo(sender, 20)).toEqual(times(20, '200 of ill at 1'));
  });

  it('is left alone for twice as long when it fails the trial, which no client notices', async () => {
    const { ill, gateway, sender } = await illBeforeWell(BUSY);
    await answersTo(sender, FAILURES);
    advanceClock(gateway, FIRST_EJECTION_MS);
    expect(await answerTo(sender)).toBe('200 of well at 2');
    advanceClock(gateway, FIRST_EJECTION_MS);
    expect(await answersTo(sender, 5)).toEqual(times(5, '200 of well at 1'));
    advanceClock(gateway, FIRST_EJECTION_MS);
    expect(await answerTo(sender)).toBe('200 of well at 2');
    expect(ill.requests).toHaveLength(FAILURES + 2);
  });
});

describe('the last backend', () => {
  it('is never ejected: its answers are worth more than none', async () => {
    const only = await upstreamOf(BUSY);
    const sender = await clientOf(await gatewayOf([backend(only.url, { name: 'only' })]));
    expect(await answersTo(sender, 20)).toEqual(times(20, '503 of only at 1'));
    expect(only.requests).toHaveLength(20);
  });

  it('is never ejected where the others are already', async () => {
    const names = ['a', 'b', 'c'];
    const upstreams = await Promise.all(names.map(() => upstreamOf(BUSY)));
    const backends = upstreams.map(({ url }, at) => backend(url, { name: names[at] ?? '' }));
    const sender = await clientOf(
      await gatewayOf(backends, { retries: { maxRepeats: 0, budget: 0 } }),
    );
    const statuses = (await answersTo(sender, 60)).map((answer) => answer.slice(0, 3));
    expect(statuses).toEqual(times(60, '503'));
    const asked = upstreams.reduce((total, { requests }) => total + requests.length, 0);
    expect(asked).toBe(60);
  });
});
