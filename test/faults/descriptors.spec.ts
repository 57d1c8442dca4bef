import { afterEach, describe, expect, it } from '@jest/globals';
import { chatText } from '../support/client/http-text.js';
import { headerIn, RawClient } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

const DESCRIPTORS = 96;

describe('a gateway that has no file descriptor left for a connection to a backend', () => {
  let upstream: ScriptedUpstream | null = null;
  let gateway: ChildGateway | null = null;
  const clients: RawClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await gateway?.dispose();
    await upstream?.close();
  });

  it('says so, holds it against no backend, and serves as soon as there are some', async () => {
    upstream = await startUpstream((turn) => turn.json('{}'));
    const health = { path: PROBE_PATH, interval: 3600 };
    const url = `${upstream.url}/v1`;
    gateway = await startChild({
      config: { primary_backends: [{ name: 'local', url, health }] },
      descriptors: DESCRIPTORS,
    });
    const client = await connect(gateway.url);
    const idle = await fill(gateway.url);
    // As many as open the breaker of a backend that is to blame.
    for (let time = 0; time < 5; time++) {
      client.send(chatText());
      const reply = await client.reply();
      expect([reply.status, headerIn(reply.headerLines, 'retry-after')]).toEqual([503, '1']);
      expect(reply.body).toContain('this process cannot open another connection to a backend');
      expect(reply.body).toContain('"overloaded"');
    }
    for (const connection of idle) connection.close();
    const answer = async () => {
      client.send(chatText());
      return client.reply();
    };
    await eventually(answer, ({ status }) => status === 200);
    const report = await (await fetch(`${gateway.url}/health`)).text();
    expect(report).toContain('"breaker":"closed"');
  });

  /** Opens more connections than the gateway can have, so that it closes some. */
  async function fill(url: string): Promise<RawClient[]> {
    const closed = deferred();
    const idle: RawClient[] = [];
    while (idle.length < DESCRIPTORS) {
      const one = await connect(url);
      one.socket.once('close', closed.resolve);
      idle.push(one);
    }
    await closed.promise;
    return idle;
  }

  async function connect(url: string): Promise<RawClient> {
    const client = await RawClient.connect(url);
    clients.push(client);
    return client;
  }
});
