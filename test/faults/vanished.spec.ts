import { describe, expect, it } from '@jest/globals';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayWith, clientOf } = useScenes();

/** More than the buffers of two sockets hold. */
const LARGE_BYTES = 24 * 1_048_576;

const IMPATIENT = { connectMs: 5_000, headersMs: 500, firstTokenMs: 0, idleMs: 500, totalMs: 0 };

/** Neither reads nor says anything any more, as when the cable is cut: no end, no reset. */
const gone: UpstreamScript = async (turn) => {
  turn.socket.pause();
  await turn.closed();
};

async function vanishingAndWell() {
  const vanishing = await upstreamOf((turn) => turn.json('"first"'));
  const well = await upstreamOf((turn) => turn.json('"well"'));
  const gateway = await gatewayWith({
    ...configOf([backend(vanishing.url, { name: 'vanishing', timeouts: IMPATIENT })]),
    fallbackBackends: [backend(well.url, { name: 'well' })],
  });
  return { vanishing, well, sender: await clientOf(gateway) };
}

describe('a backend that vanishes without closing its connections', () => {
  it('is found by the time for the head on a connection that had served, and another answers', async () => {
    const { vanishing, sender } = await vanishingAndWell();
    sender.send(chatText());
    expect((await sender.reply()).body).toBe('"first"');
    vanishing.become(gone);
    sender.send(chatText());
    const reply = await sender.reply();
    expect([reply.body, headerIn(reply.headerLines, 'x-sluice-attempts')]).toEqual(['"well"', '2']);
    expect(vanishing.connections).toBe(1);
  });

  it('is found when it has taken a part of a large request', async () => {
    const { vanishing, sender } = await vanishingAndWell();
    vanishing.become(gone);
    const content = 'x'.repeat(LARGE_BYTES);
    sender.send(chatText(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] })));
    const reply = await sender.reply();
    expect([reply.body, headerIn(reply.headerLines, 'x-sluice-attempts')]).toEqual(['"well"', '2']);
  });

  it('is found when it has taken a part of an upload, which cannot be sent again', async () => {
    const { vanishing, well, sender } = await vanishingAndWell();
    vanishing.become(gone);
    sender.send(requestText('POST /v1/files', { body: 'x'.repeat(LARGE_BYTES) }));
    const { status, body } = await sender.reply();
    expect(status).toBe(504);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'upstream_timeout' } });
    expect(well.requests).toHaveLength(0);
  });

  it('is found by its silence in the middle of a stream, which ends with an error event', async () => {
    const { vanishing, sender } = await vanishingAndWell();
    const began = deferred();
    vanishing.become(async (turn) => {
      await turn.beginStream();
      await turn.chunk('data: 1\n\n');
      began.resolve();
      turn.socket.pause();
      await turn.closed();
    });
    sender.send(chatText());
    await began.promise;
    await sender.head();
    expect(await sender.chunk()).toBe('data: 1\n\n');
    expect(await sender.chunk()).toContain("backend 'vanishing' ran into the idle timeout");
    expect(await sender.chunk()).toBe('');
  });
});
