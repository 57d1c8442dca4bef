import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Variables } from '../environment/environment.js';
import { loadConfig } from '../load-config.js';
import { ConfigWatch, type ReloadOutcome } from './watch-config.js';

const BACKEND = { name: 'a', url: 'http://127.0.0.1:1', api_key: '${file:key}' };

const textOf = (keys: object, settings: object = {}) =>
  JSON.stringify({
    primary_backends: [{ ...BACKEND, ...keys }],
    settings: { listen: '127.0.0.1:0', ...settings },
  });

/** The outcomes that a watch calls back with, to be awaited one by one. */
class Outcomes {
  readonly #arrived: ReloadOutcome[] = [];
  #waiting: ((outcome: ReloadOutcome) => void) | null = null;

  push(outcome: ReloadOutcome): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#arrived.push(outcome);
    else waiting(outcome);
  }

  get unread(): number {
    return this.#arrived.length;
  }

  async next(): Promise<string> {
    const arrived = this.#arrived.shift();
    return told(arrived ?? (await new Promise((resolve) => (this.#waiting = resolve))));
  }
}

function told(outcome: ReloadOutcome): string {
  return outcome.kind === 'config'
    ? outcome.changes.join('; ')
    : `refused: ${outcome.error.faults.map(({ path }) => path).join(', ')}`;
}

describe('ConfigWatch', () => {
  let root: string;
  let watch: ConfigWatch | null = null;

  const at = (...names: string[]) => join(root, ...names);
  const write = (name: string, text: string) => {
    writeFileSync(at(name), text);
  };
  /** As editors and most tools save: all of it appears at once under the old name. */
  const replace = (name: string, text: string) => {
    writeFileSync(at(`${name}~`), text);
    renameSync(at(`${name}~`), at(name));
  };

  function watching(env: Variables = {}): Outcomes {
    const outcomes = new Outcomes();
    const sources = { env, cwd: root };
    watch = new ConfigWatch(
      { sources, config: loadConfig(sources), quietMs: 5 },
      {
        onReload: (outcome) => {
          outcomes.push(outcome);
        },
        onUnwatched: (folder, reason) => {
          throw new Error(`${folder}: ${reason}`);
        },
      },
    );
    watch.start();
    return outcomes;
  }

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-watch-')));
    write('key', 'k1');
    write('config.json', textOf({}));
  });

  afterEach(() => {
    watch?.close();
    watch = null;
    rmSync(root, { recursive: true });
  });

  it('notices a file that is saved in place', async () => {
    const outcomes = watching();
    write('config.json', textOf({ weight: 2 }));
    // Writing empties the file first, which may be seen.
    let seen = await outcomes.next();
    while (seen.startsWith('refused')) seen = await outcomes.next();
    expect(seen).toBe('backend "a": weight 1 → 2');
  });

  it('notices a file that is saved by renaming, time and again', async () => {
    const outcomes = watching();
    replace('config.json', textOf({ weight: 2 }));
    expect(await outcomes.next()).toBe('backend "a": weight 1 → 2');
    replace('config.json', textOf({ weight: 3 }));
    expect(await outcomes.next()).toBe('backend "a": weight 2 → 3');
  });

  it('notices the exchanged link of a ConfigMap, time and again', async () => {
    const publish = (version: string, weight: number) => {
      mkdirSync(at(version));
      write(join(version, 'config.json'), textOf({ weight, api_key: 'k' }));
      symlinkSync(version, at('..data_tmp'));
      renameSync(at('..data_tmp'), at('..data'));
    };
    unlinkSync(at('config.json'));
    publish('..v1', 1);
    symlinkSync(join('..data', 'config.json'), at('config.json'));
    const outcomes = watching();
    publish('..v2', 2);
    rmSync(at('..v1'), { recursive: true });
    expect(await outcomes.next()).toBe('backend "a": weight 1 → 2');
    publish('..v3', 3);
    expect(await outcomes.next()).toBe('backend "a": weight 2 → 3');
  });

  it('notices a secret that is replaced, and does not tell it', async () => {
    const outcomes = watching();
    replace('key', 'k2');
    expect(await outcomes.next()).toBe('backend "a": key changed');
  });

  it('notices a file in a folder that was missing', async () => {
    write('config.json', textOf({ api_key: '' }));
    const outcomes = watching();
    replace('config.json', textOf({ api_key: '${file:mounted/key}' }));
    expect(await outcomes.next()).toBe('refused: primary_backends[0].api_key');
    mkdirSync(at('new'));
    write(join('new', 'key'), 'k1');
    renameSync(at('new'), at('mounted'));
    expect(await outcomes.next()).toContain('its own, [secret]');
  });

  it('notices changes in a folder that took the place of another', async () => {
    mkdirSync(at('mounted'));
    write(join('mounted', 'key'), 'k1');
    write('config.json', textOf({ api_key: '${file:mounted/key}' }));
    const outcomes = watching();
    mkdirSync(at('new'));
    write(join('new', 'key'), 'k2');
    renameSync(at('mounted'), at('old'));
    renameSync(at('new'), at('mounted'));
    expect(await outcomes.next()).toBe('backend "a": key changed');
    replace(join('mounted', 'key'), 'k3');
    expect(await outcomes.next()).toBe('backend "a": key changed');
  });

  it('notices what changed between the first look and the first watcher', async () => {
    const outcomes = new Outcomes();
    const config = loadConfig({ env: {}, cwd: root });
    let isFirst = true;
    const readFile = (path: string) => {
      const text = readFileSync(path, 'utf8');
      if (path === at('key') && isFirst) replace('config.json', textOf({ weight: 2 }));
      if (path === at('key')) isFirst = false;
      return text;
    };
    watch = new ConfigWatch(
      { sources: { env: {}, cwd: root, readFile }, config, quietMs: 5 },
      {
        onReload: (outcome) => {
          outcomes.push(outcome);
        },
        onUnwatched: () => undefined,
      },
    );
    watch.start();
    expect(await outcomes.next()).toBe('backend "a": weight 1 → 2');
  });

  it('keeps what was right, and tells when a bad file is mended', async () => {
    const outcomes = watching();
    replace('config.json', '{');
    expect(await outcomes.next()).toBe('refused: config.json');
    replace('config.json', textOf({ weight: -1 }));
    expect(await outcomes.next()).toBe('refused: primary_backends[0].weight');
    replace('config.json', textOf({}));
    expect(await outcomes.next()).toBe('');
  });

  it('takes the loss of the file for a fault, also where the environment alone would do', async () => {
    const outcomes = watching({ UPSTREAM: 'http://127.0.0.1:2' });
    unlinkSync(at('config.json'));
    expect(await outcomes.next()).toBe('refused: config.json');
  });

  it('gives unchanged parts as the objects they were', async () => {
    const config = loadConfig({ env: {}, cwd: root });
    const reloaded = new Promise<ReloadOutcome>((resolve) => {
      watch = new ConfigWatch(
        { sources: { env: {}, cwd: root }, config, quietMs: 5 },
        { onReload: resolve, onUnwatched: () => undefined },
      );
      watch.start();
      replace('config.json', textOf({}, { log: { level: 'warn' } }));
    });
    expect(await reloaded).toMatchObject({
      kind: 'config',
      changes: ['settings: log info → warn'],
    });
    const outcome = await reloaded;
    expect(outcome.kind === 'config' && outcome.config.backends[0] === config.backends[0]).toBe(
      true,
    );
  });

  it('calls back at its start if the files changed since they were read', async () => {
    const config = loadConfig({ env: {}, cwd: root });
    replace('config.json', textOf({ weight: 2 }));
    const outcomes = new Outcomes();
    watch = new ConfigWatch(
      { sources: { env: {}, cwd: root }, config },
      {
        onReload: (outcome) => {
          outcomes.push(outcome);
        },
        onUnwatched: () => undefined,
      },
    );
    watch.start();
    expect(outcomes.unread).toBe(1);
    expect(await outcomes.next()).toBe('backend "a": weight 1 → 2');
  });

  it('calls back on reload, changed or not', async () => {
    const outcomes = watching();
    expect(outcomes.unread).toBe(0);
    watch?.reload();
    expect(await outcomes.next()).toBe('');
  });

  it('ends with no callback and no watcher left', async () => {
    const outcomes = watching();
    replace('config.json', textOf({ weight: 2 }));
    watch?.close();
    watch?.reload();
    const other = watching();
    replace('config.json', textOf({ weight: 3 }));
    expect(await other.next()).toBe('backend "a": weight 2 → 3');
    expect(outcomes.unread).toBe(0);
  });

  it('says which folder it cannot watch', () => {
    const unwatched: string[] = [];
    const config = loadConfig({ env: {}, cwd: root });
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`h${index}`, `\${file:d${index}/f}`]),
    );
    for (let index = 0; index < 300; index++) {
      mkdirSync(at(`d${index}`));
      write(join(`d${index}`, 'f'), 'x');
    }
    write('config.json', textOf({ headers: many }));
    watch = new ConfigWatch(
      { sources: { env: {}, cwd: root }, config },
      {
        onReload: () => undefined,
        onUnwatched: (folder, reason) => {
          unwatched.push(`${dirname(folder) === root ? 'd' : folder}: ${reason}`);
        },
      },
    );
    watch.start();
    expect(unwatched).toHaveLength(45);
    expect(unwatched[0]).toBe('d: too many folders');
  });
});
