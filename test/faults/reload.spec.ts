import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigStore } from '../../src/config/config-store.js';
import { loadConfig } from '../../src/config/load-config.js';
import { ConfigReload } from '../../src/config/reload/config-reload.js';
import { type SluiceConfig } from '../../src/config/typed/sluice-config.js';
import { chatText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { PROBE_PATH } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayWith, clientOf } = useScenes();

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A gateway that follows a file. */
async function following(file: object) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-reload-'));
  folders.push(folder);
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(file));
  const sources = { env: {}, cwd: folder };
  const gateway = await gatewayWith(loadConfig(sources));
  gateway.app.get(ConfigReload).watch({ sources, quietMs: 5 });
  const swapped = async (): Promise<SluiceConfig> => {
    const swap = deferred<SluiceConfig>();
    gateway.app.get(ConfigStore).onSwap(swap.resolve);
    return swap.promise;
  };
  /** Like an editor: by a rename. */
  const save = async (text: string): Promise<void> => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  return { gateway, swapped, save };
}

const written = (...backends: readonly { readonly name: string; readonly url: string }[]) => ({
  primary_backends: backends.map((backend) => ({
    ...backend,
    reasoning: { input: 'none', output: 'keep' },
    health: { path: PROBE_PATH, interval: 600 },
  })),
  settings: {
    listen: '127.0.0.1:0',
    keepalive: 0,
    analytics: { enabled: false },
    log: { level: 'silent' },
  },
});

describe('a changed config.json', () => {
  it('holds for the next request, while a stream goes on where it began to its last byte', async () => {
    const goOn = deferred();
    const wasClosed = deferred();
    const old = await upstreamOf(async (turn) => {
      turn.socket.once('close', () => {
        wasClosed.resolve();
      });
      await turn.body();
      // Without `Keep-Alive` the connection would close by itself after some seconds.
      await turn.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n' +
          'Keep-Alive: timeout=300\r\nTransfer-Encoding: chunked\r\n\r\n',
      );
      await turn.chunk('data: 1\n\n');
      await goOn.promise;
      await turn.chunk('data: 2\n\n');
      await turn.endStream();
    });
    const other = await upstreamOf((turn) => turn.json('"other"'));
    const { gateway, swapped, save } = await following(written({ name: 'old', url: old.url }));
    const streaming = await clientOf(gateway);
    streaming.send(chatText());
    await streaming.head();
    expect(await streaming.chunk()).toBe('data: 1\n\n');

    const swap = swapped();
    await save(JSON.stringify(written({ name: 'other', url: other.url })));
    await swap;
    const sender = await clientOf(gateway);
    sender.send(chatText());
    const reply = await sender.reply();
    expect([reply.body, headerIn(reply.headerLines, 'x-sluice-backend')]).toEqual([
      '"other"',
      'other',
    ]);

    goOn.resolve();
    expect(await streaming.chunk()).toBe('data: 2\n\n');
    expect(await streaming.chunk()).toBe('');
    // Nobody is left who could use the connection.
    await wasClosed.promise;
  });

  it('has the idle connections of a backend that is gone closed', async () => {
    const wasClosed = deferred();
    const old = await upstreamOf(async (turn) => {
      turn.socket.once('close', () => {
        wasClosed.resolve();
      });
      // Without it the connection would close by itself after some seconds.
      await turn.json('"old"', { headers: 'Keep-Alive: timeout=300\r\n' });
    });
    const other = await upstreamOf((turn) => turn.json('"other"'));
    const { gateway, swapped, save } = await following(written({ name: 'old', url: old.url }));
    const sender = await clientOf(gateway);
    sender.send(chatText());
    expect((await sender.reply()).body).toBe('"old"');
    const swap = swapped();
    await save(JSON.stringify(written({ name: 'other', url: other.url })));
    await swap;
    await wasClosed.promise;
  });

  it('that is wrong changes nothing, and shows with every fault', async () => {
    const upstream = await upstreamOf((turn) => turn.json('"same"'));
    const { gateway, save } = await following(written({ name: 'same', url: upstream.url }));
    const bad = { ...written({ name: 'same', url: 'no url' }), unheard_of: 1 };
    await save(JSON.stringify(bad));
    const health = async () => (await (await fetch(`${gateway.url}/health`)).json()) as Health;
    const shown = await eventually(health, ({ config }) => config.status === 'stale');
    expect(shown.config.faults.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['primary_backends[0].url', 'unheard_of']),
    );
    const metrics = async () => (await fetch(`${gateway.url}/metrics`)).text();
    expect(await metrics()).toContain('sluice_config_last_reload_ok 0');
    expect(await metrics()).toContain('sluice_config_reloads_total{result="failure"} 1');
    const sender = await clientOf(gateway);
    sender.send(chatText());
    expect((await sender.reply()).body).toBe('"same"');

    await save(JSON.stringify(written({ name: 'mended', url: upstream.url })));
    expect(
      (await eventually(health, ({ config }) => config.status === 'ok')).config.faults,
    ).toEqual([]);
    expect(await metrics()).toContain('sluice_config_last_reload_ok 1');
  });

  it('keeps what is known of a backend that stays', async () => {
    const upstream = await upstreamOf((turn) => turn.json('{}', { status: '500 Broken' }));
    const spare = await upstreamOf((turn) => turn.json('"spare"'));
    const both = written({ name: 'ill', url: upstream.url }, { name: 'spare', url: spare.url });
    const { gateway, swapped, save } = await following({
      ...both,
      primary_backends: both.primary_backends.slice(0, 1),
      fallback_backends: both.primary_backends.slice(1),
    });
    const sender = await clientOf(gateway);
    for (let round = 0; round < 5; round++) {
      sender.send(chatText());
      expect((await sender.reply()).status).toBe(500);
    }
    const swap = swapped();
    const settings = { ...both.settings, retries: { attempts: 1 } };
    await save(
      JSON.stringify({
        primary_backends: both.primary_backends.slice(0, 1),
        fallback_backends: both.primary_backends.slice(1),
        settings,
      }),
    );
    await swap;
    sender.send(chatText());
    expect((await sender.reply()).body).toBe('"spare"');
  });

  it.each(['off', 'on'])(
    'does not turn analytics %s before a restart, neither in whole nor in half',
    async (next) => {
      const upstream = await upstreamOf(async (turn) => {
        await turn.json(await turn.body());
      });
      const { settings, primary_backends } = written({ name: 'one', url: upstream.url });
      const file = (state: string, retries: object) => ({
        primary_backends,
        settings: {
          ...{ ...settings, retries },
          analytics: { enabled: state === 'on', sinks: [{ use: 'file', path: 'records.ndjson' }] },
        },
      });
      const { gateway, swapped, save } = await following(file(next === 'on' ? 'off' : 'on', {}));
      const sender = await clientOf(gateway);
      const sent = async (): Promise<string> => {
        sender.send(chatText('{"model":"m","messages":["x"],"stream":true}'));
        return (await sender.reply()).body;
      };
      const before = await sent();
      expect(before.includes('stream_options')).toBe(next === 'off');
      const swap = swapped();
      await save(JSON.stringify(file(next, { attempts: 1 })));
      expect((await swap).settings.retries.maxRepeats).toBe(1);
      expect(await sent()).toBe(before);
    },
  );
});

interface Health {
  readonly config: { readonly status: string; readonly faults: readonly string[] };
}
