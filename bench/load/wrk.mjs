import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chatRequestBody } from './chat-request.mjs';

const run = promisify(execFile);

/** Whether `wrk` is installed. */
export function hasWrk() {
  try {
    execFileSync('which', ['wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads a server with `wrk`, which is written in C and so takes less of the load's core.
 * @param {{ port: number, model: string, connections: number, durationMs: number }} load
 *   the duration is rounded up to whole seconds
 * @returns {Promise<number>} replies per second
 * @throws when a reply was not 2xx or a socket failed
 */
export async function loadWithWrk({ port, model, connections, durationMs }) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-wrk-'));
  try {
    const script = join(folder, 'post.lua');
    await writeFile(
      script,
      `wrk.method = "POST"\nwrk.body = ${JSON.stringify(chatRequestBody(model))}\n` +
        'wrk.headers["Content-Type"] = "application/json"\n' +
        'wrk.headers["Authorization"] = "Bearer bench"\n',
    );
    const { stdout } = await run('wrk', [
      ...['-t', '1', '-c', String(connections), '-d', `${Math.ceil(durationMs / 1000)}s`],
      ...['-s', script, `http://127.0.0.1:${port}/v1/chat/completions`],
    ]);
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk met failures:\n${stdout}`);
    return Number(/Requests\/sec: *([\d.]+)/.exec(stdout)?.[1]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
