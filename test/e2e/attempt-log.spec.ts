import { describe, expect, it } from '@jest/globals';
import { chatText } from '../support/client/http-text.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayWith, clientOf } = useScenes();

const settings = { retries: { maxRepeats: 2, budget: 1 } };
const failing: UpstreamScript = (turn) => turn.json('{"error":"x"}', { status: '503 No' });
const cutting: UpstreamScript = async (turn) => {
  await turn.body();
  turn.reset();
};

/** What is known of the attempts at one request that goes to the first backend, then to the second. */
async function attemptsAt(first: UpstreamScript, second: UpstreamScript) {
  const primary = backend((await upstreamOf(first)).url, { name: 'first' });
  const fallback = backend((await upstreamOf(second)).url, { name: 'second' });
  const gateway = await gatewayWith({
    ...configOf([primary], settings),
    fallbackBackends: [fallback],
  });
  const client = await clientOf(gateway);
  client.send(chatText());
  const { status } = await client.reply();
  const { facts } = await gateway.nextFinished();
  return { status, failed: facts.pastAttempts, attempts: facts.attempts };
}

describe('the attempts at an exchange', () => {
  it('leave nothing to note when the first is answered', async () => {
    const { failed, attempts } = await attemptsAt((turn) => turn.json('{}'), failing);
    expect({ failed, attempts }).toEqual({ failed: null, attempts: 1 });
  });

  it('are noted with their answer where another followed', async () => {
    const { status, failed, attempts } = await attemptsAt(failing, (turn) => turn.json('{}'));
    expect({ status, attempts }).toEqual({ status: 200, attempts: 2 });
    expect(failed).toMatchObject([{ backend: 'first', status: 503, errorCode: null }]);
    expect(failed?.[0]?.durationMs).toBeGreaterThan(0);
  });

  it('are noted with their error where they had no answer', async () => {
    const { status, failed } = await attemptsAt(cutting, cutting);
    expect(status).toBe(502);
    expect(failed?.length).toBeGreaterThan(0);
    for (const attempt of failed ?? []) {
      expect(attempt).toMatchObject({ status: null, errorCode: 'upstream_protocol' });
    }
  });

  it('are not noted as failed when the client got their answer, whatever it was', async () => {
    const { status, failed, attempts } = await attemptsAt(failing, failing);
    expect(status).toBe(503);
    expect(failed).toHaveLength(attempts - 1);
  });
});
