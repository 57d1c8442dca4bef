import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { saysAnalytics } from './config.js';

/** What `npm run build` makes, which `npm test` runs first. */
const ENTRY = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

const LISTENING = /"url":"([^"]+)","backends"/;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ChildOptions {
  /** The content of `config.json`, as a user would write it. */
  readonly config: object;
  /** Its only variables besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Most file descriptors that it may have open. */
  readonly descriptors?: number;
  /** Called before it starts, with the folder it will run in, to put further files there. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Called while it starts, with what sends it a signal, and waited for. */
  readonly meanwhile?: (folder: string, signal: ChildGateway['signal']) => Promise<void>;
}

/** A Sluice in a process of its own, as `npm start` runs it. */
export interface ChildGateway {
  readonly url: string;
  /** Where it runs, with its `config.json`. */
  readonly folder: string;
  /** Resolves when it has ended and its output is complete. */
  readonly ended: Promise<ProcessEnd>;
  /** Everything it wrote so far, standard output and standard error. */
  output(): string;
  /** The objects it logged so far. */
  logged(): Record<string, unknown>[];
  /** Waits until it has logged so many objects with this message, and gives back the last. */
  untilLogged(msg: string, count?: number): Promise<Record<string, unknown>>;
  /** Writes a file in its folder, all of it at once: by a rename. */
  save(name: string, text: string): Promise<void>;
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL'): void;
  /** Ends it if it still runs, and removes its files. */
  dispose(): Promise<void>;
}

/** Resolves when it listens; fails with its output when it ends before. */
export async function startChild({
  config,
  env = {},
  descriptors,
  prepare,
  meanwhile,
}: ChildOptions): Promise<ChildGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(withoutAnalytics(config)));
  await prepare?.(folder);
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors}; `;
  const child = spawn('/bin/sh', ['-c', `${limit}exec "$@"`, 'sh', process.execPath, ENTRY], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  };
  const signal: ChildGateway['signal'] = (name) => {
    child.kill(name);
  };
  try {
    await meanwhile?.(folder, signal);
    const url = await listeningUrl(child, output);
    return {
      ...{ url, folder, ended, output, signal, dispose },
      logged: () => linesOf(output()),
      untilLogged: async (msg, count = 1) => {
        for (;;) {
          const line = lineWith(msg, count, output());
          if (line !== null) return line;
          if (child.exitCode !== null || child.signalCode !== null) {
            throw new Error(`it ended without '${msg}':\n${output()}`);
          }
          await Promise.race([once(child.stdout, 'data'), ended]);
        }
      },
      save: async (name, text) => {
        await writeFile(join(folder, `${name}.new`), text);
        await rename(join(folder, `${name}.new`), join(folder, name));
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

// Unless a test asks for more.
function withoutAnalytics(config: object): object {
  if (saysAnalytics(config)) return config;
  const { settings } = { settings: {}, ...config };
  return { ...config, settings: { ...settings, analytics: { enabled: false } } };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function collect({ stdout, stderr }: Child): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

async function listeningUrl(child: Child, output: () => string): Promise<string> {
  for (;;) {
    const url = LISTENING.exec(output())?.[1];
    if (url !== undefined) return url;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`it ended before it listened:\n${output()}`);
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  }
}

function linesOf(output: string): Record<string, unknown>[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

// Under load there are thousands of lines, and each further one asks anew: only one is parsed.
function lineWith(msg: string, count: number, output: string): Record<string, unknown> | null {
  const mark = `"msg":${JSON.stringify(msg)}`;
  let at = -1;
  for (let seen = 0; seen < count; seen++) {
    at = output.indexOf(mark, at + 1);
    if (at === -1) return null;
  }
  const end = output.indexOf('\n', at);
  if (end === -1) return null;
  const [line] = linesOf(output.slice(output.lastIndexOf('\n', at) + 1, end));
  return line ?? null;
}
