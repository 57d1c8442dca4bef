import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, open, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chatText } from '../support/client/http-text.js';
import { headerIn, RawClient } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

describe('a gateway that starts', () => {
  it('is not ended by SIGHUP, and reads its files once more when it listens', async () => {
    const config = {
      primary_backends: [{ name: 'local', url: 'http://127.0.0.1:1' }],
      settings: { listen: '127.0.0.1:0', analytics: { enabled: false } },
    };
    const child = await startChild({
      config,
      // Of a pipe it reads only when the test lets it: so it is there, and does not listen.
      prepare: async (folder) => {
        await rename(join(folder, 'config.json'), join(folder, 'written'));
        await promisify(execFile)('mkfifo', [join(folder, 'config.json')]);
      },
      meanwhile: async (folder, signal) => {
        const pipe = await open(join(folder, 'config.json'), 'w');
        await rename(join(folder, 'written'), join(folder, 'config.json'));
        signal('SIGHUP');
        await pipe.writeFile(JSON.stringify(config));
        await pipe.close();
      },
    });
    expect(await child.untilLogged('configuration reloaded')).toMatchObject({ changes: [] });
    await child.dispose();
  });
});

describe('a running gateway whose configuration changes', () => {
  let upstream: ScriptedUpstream;
  let child: ChildGateway;
  let client: RawClient;

  beforeEach(async () => {
    upstream = await startUpstream((turn) => turn.json('{}'));
    child = await startChild({
      config: written({}),
      prepare: async (folder) => writeFile(join(folder, 'key'), 'key-1'),
    });
    client = await RawClient.connect(child.url);
  });

  afterEach(async () => {
    client.close();
    await child.dispose();
    await upstream.close();
  });

  it('reads its files on SIGHUP, and says so though nothing changed', async () => {
    child.signal('SIGHUP');
    expect(await child.untilLogged('configuration reloaded')).toMatchObject({ changes: [] });
    expect(await authorizationSent()).toBe('Bearer key-1');
  });

  it('says what changed, and what needs a restart', async () => {
    const settings = { listen: '127.0.0.1:1', limits: { header_bytes: 65_536 }, keepalive: 7 };
    await child.save('config.json', JSON.stringify(written({ weight: 3 }, settings)));
    expect((await child.untilLogged('configuration reloaded')).changes).toEqual([
      'backend "local": weight 1 → 3',
      expect.stringMatching(/^settings: listen 127\.0\.0\.1:0 → 127\.0\.0\.1:1$/),
      'settings: keepalive after 15 s of silence → after 7 s of silence',
      expect.stringMatching(/^settings: limits .* → .*head 65536 B/),
    ]);
    expect((await child.untilLogged('a restart is needed')).settings).toEqual([
      'listen',
      'limits.header_bytes',
    ]);
    expect(await authorizationSent()).toBe('Bearer key-1');
  });

  it('sends the key of a mounted secret that was replaced, and never tells it', async () => {
    await child.save('key', 'key-2');
    expect((await child.untilLogged('configuration reloaded')).changes).toEqual([
      'backend "local": key changed',
    ]);
    expect(await authorizationSent()).toBe('Bearer key-2');
    expect(child.output()).not.toMatch(/key-[12]/);
  });

  it('follows the exchanged link of a ConfigMap, time and again', async () => {
    const publish = async (version: string, weight: number): Promise<void> => {
      await mkdir(join(child.folder, version));
      await writeFile(
        join(child.folder, version, 'config.json'),
        JSON.stringify(written({ weight })),
      );
      await symlink(version, join(child.folder, '..data_tmp'));
      await rename(join(child.folder, '..data_tmp'), join(child.folder, '..data'));
    };
    await publish('..v1', 2);
    await symlink(join('..data', 'config.json'), join(child.folder, 'linked'));
    await rename(join(child.folder, 'linked'), join(child.folder, 'config.json'));
    expect((await child.untilLogged('configuration reloaded')).changes).toEqual([
      'backend "local": weight 1 → 2',
    ]);
    await publish('..v2', 3);
    expect((await child.untilLogged('configuration reloaded', 2)).changes).toEqual([
      'backend "local": weight 2 → 3',
    ]);
  });

  it('goes on as it was when the file is lost or wrong, and shows it until it is mended', async () => {
    await unlink(join(child.folder, 'config.json'));
    const lost = await child.untilLogged('configuration not reloaded');
    expect(lost).toMatchObject({
      level: 'error',
      faults: [expect.stringMatching(/^config\.json: /)],
    });
    expect(await authorizationSent()).toBe('Bearer key-1');

    await child.save('config.json', '{ "primary_backends": [{ "name": "x" }], "typo": 1 }');
    const { faults } = await child.untilLogged('configuration not reloaded', 2);
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^primary_backends\[0\]\.url: /),
        expect.stringMatching(/^typo: /),
      ]),
    );
    const health = await fetch(`${child.url}/health`);
    expect([health.status, await health.json()]).toEqual([
      200,
      expect.objectContaining({ config: { status: 'stale', faults } }),
    ]);
    expect(await metricLines()).toEqual([
      'sluice_config_last_reload_ok 0',
      'sluice_config_reloads_total{result="failure"} 2',
      'sluice_config_reloads_total{result="success"} 0',
    ]);
    expect(await authorizationSent()).toBe('Bearer key-1');

    await child.save('config.json', JSON.stringify(written({})));
    await child.untilLogged('configuration reloaded');
    expect(await metricLines()).toEqual([
      'sluice_config_last_reload_ok 1',
      'sluice_config_reloads_total{result="failure"} 2',
      'sluice_config_reloads_total{result="success"} 1',
    ]);
  });

  function written(keys: object, settings: object = {}): object {
    return {
      primary_backends: [
        {
          ...{ name: 'local', url: upstream.url, api_key: '${file:key}' },
          ...{ health: { path: PROBE_PATH, interval: 600 } },
          ...keys,
        },
      ],
      settings: { listen: '127.0.0.1:0', analytics: { enabled: false }, ...settings },
    };
  }

  async function authorizationSent(): Promise<string | null> {
    client.send(chatText());
    const { status, headerLines } = await client.reply();
    expect([status, headerIn(headerLines, 'x-sluice-backend')]).toEqual([200, 'local']);
    return upstream.requests.at(-1)?.header('authorization') ?? null;
  }

  async function metricLines(): Promise<string[]> {
    const text = await (await fetch(`${child.url}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith('sluice_config'))
      .sort();
  }
});
