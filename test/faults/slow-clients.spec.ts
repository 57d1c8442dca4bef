import { describe, expect, it } from '@jest/globals';
import { chatText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { limits } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene } = useScenes();

const settings = { limits: limits({ requestMs: 100 }) };

describe('a client that is slow on purpose', () => {
  it('loses its connection when its head comes byte by byte for longer than a head may take', async () => {
    const { client, gateway, upstream } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send('GET /v1/models HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const ended = sender.ended().then(() => 'ended');
    const roundTrip = async (): Promise<string> =>
      (await fetch(`${gateway.url}/health/live`)).text();
    // Each byte shows that the client is there; only the time of the whole counts.
    do sender.send('x');
    while ((await Promise.race([ended, roundTrip()])) !== 'ended');
    expect(sender.reader.received).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/);
    expect(upstream.requests).toHaveLength(0);
  });

  it('loses its connection when it says nothing at all', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    await sender.ended();
    expect(sender.reader.received).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/);
  });

  it('is told how long an idle connection is kept', async () => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(chatText());
    expect(headerIn((await sender.reply()).headerLines, 'keep-alive')).toBe('timeout=75');
  });
});
