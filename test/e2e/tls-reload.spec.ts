import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { CERTIFICATES, RENEWED } from '../support/certificates.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import { deferred, type Deferred } from '../support/time/deferred.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
  type UpstreamTurn,
} from '../support/upstream/scripted-upstream.js';

interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const TRUSTED = [CERTIFICATES.ca, RENEWED.ca];

const fingerprintOf = ({ cert }: KeyPair): string => new X509Certificate(cert).fingerprint256;

describe('the certificate of the listener, when its files change', () => {
  let upstream: ScriptedUpstream;
  let child: ChildGateway;
  let release: Deferred;
  const agents: Agent[] = [];

  beforeEach(async () => {
    release = deferred();
    upstream = await startUpstream(async (turn) => {
      if (turn.request.target === '/v1/streams') await streamHeldAtBarrier(turn);
      else await turn.json('{"ok":true}');
    });
    child = await startChild({
      config: {
        primary_backends: [
          { name: 'local', url: upstream.url, health: { path: PROBE_PATH, interval: 600 } },
        ],
        settings: {
          listen: '127.0.0.1:0',
          tls: { cert: 'mounted/tls.crt', key: 'mounted/tls.key' },
        },
      },
      prepare: async (folder) => {
        await mkdir(join(folder, 'mounted'));
        await publish(folder, '..v1', CERTIFICATES);
        for (const name of ['tls.crt', 'tls.key']) {
          await symlink(join('..data', name), join(folder, 'mounted', name));
        }
      },
    });
  });

  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.destroy();
    await child.dispose();
    await upstream.close();
  });

  it('is the new one for whoever comes, while streams run on under the old one', async () => {
    const keptAlive = agentOf();
    const stream = await ask('/v1/streams', keptAlive);
    expect(presented(stream)).toBe(fingerprintOf(CERTIFICATES));
    const chunks = stream.setEncoding('utf8')[Symbol.asyncIterator]();
    expect((await chunks.next()).value).toBe('data: first\n\n');

    await publish(child.folder, '..v2', RENEWED);
    expect(await child.untilLogged('configuration reloaded')).toMatchObject({
      changes: ['settings: tls key changed'],
    });
    const newcomer = await ask('/v1/models', agentOf());
    expect([presented(newcomer), await textOf(newcomer)]).toEqual([
      fingerprintOf(RENEWED),
      '{"ok":true}',
    ]);

    release.resolve();
    expect((await chunks.next()).value).toBe('data: last\n\n');
    expect((await chunks.next()).done).toBe(true);
    expect(stream.complete).toBe(true);
    const next = await ask('/v1/models', keptAlive);
    expect([presented(next), await textOf(next)]).toEqual([
      fingerprintOf(CERTIFICATES),
      '{"ok":true}',
    ]);
  });

  it('stays the old one while only half of the new pair is there', async () => {
    await replace('tls.crt', RENEWED.cert);
    const refused = await child.untilLogged('configuration not reloaded');
    expect(refused.faults).toEqual([
      'settings.tls.key: the file is not the PEM key of settings.tls.cert',
    ]);
    const between = await ask('/v1/models', agentOf());
    expect([presented(between), await textOf(between)]).toEqual([
      fingerprintOf(CERTIFICATES),
      '{"ok":true}',
    ]);
    await replace('tls.key', RENEWED.key);
    await child.untilLogged('configuration reloaded');
    const after = await ask('/v1/models', agentOf());
    expect([presented(after), await textOf(after)]).toEqual([
      fingerprintOf(RENEWED),
      '{"ok":true}',
    ]);
  });

  async function streamHeldAtBarrier(turn: UpstreamTurn): Promise<void> {
    await turn.beginStream();
    await turn.chunk('data: first\n\n');
    await release.promise;
    await turn.chunk('data: last\n\n');
    await turn.endStream();
  }

  async function replace(name: string, text: string): Promise<void> {
    const path = join(child.folder, 'mounted', name);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  function agentOf(): Agent {
    // Without sessions to resume each handshake shows the certificate.
    const agent = new Agent({ keepAlive: true, ca: TRUSTED, maxCachedSessions: 0 });
    agents.push(agent);
    return agent;
  }

  async function ask(path: string, agent: Agent): Promise<IncomingMessage> {
    const [reply] = (await once(get(`${child.url}${path}`, { agent }), 'response')) as [
      IncomingMessage,
    ];
    return reply;
  }
});

/** As a kubelet publishes a mounted secret: a folder of its own, and one link that is exchanged. */
async function publish(folder: string, version: string, { cert, key }: KeyPair): Promise<void> {
  const mounted = join(folder, 'mounted');
  await mkdir(join(mounted, version));
  await writeFile(join(mounted, version, 'tls.crt'), cert);
  await writeFile(join(mounted, version, 'tls.key'), key);
  await symlink(version, join(mounted, '..data_tmp'));
  await rename(join(mounted, '..data_tmp'), join(mounted, '..data'));
}

function presented({ socket }: IncomingMessage): string {
  if (!(socket instanceof TLSSocket)) throw new Error('no TLS');
  return socket.getPeerCertificate().fingerprint256;
}

async function textOf(reply: IncomingMessage): Promise<string> {
  return (await reply.setEncoding('utf8').toArray()).join('');
}
