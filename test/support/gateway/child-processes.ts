import { readdir, readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { eventually } from '../time/eventually.js';

/** The processes that a process has started and that run yet (proc(5), `/proc/tid/children`). */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = threads.map((thread) =>
    readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
  );
  const pids = (await Promise.all(lists)).join(' ').split(' ');
  return pids.filter((child) => child.trim() !== '').map(Number);
}

/** The only child whose program has this in its path. */
export async function childOf(pid: number, program: string): Promise<number> {
  const found: number[] = [];
  for (const child of await childrenOf(pid)) {
    const line = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(program)) found.push(child);
  }
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    throw new Error(`${found.length} processes run ${program}`);
  }
  return only;
}

/** Resolves when the process is no more; one that only waits to be collected by its parent is none. */
export async function gone(pid: number): Promise<void> {
  await eventually(
    async () => {
      await setImmediate();
      return readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    },
    (stat) => stat === '' || /\) [ZX] /.test(stat),
  );
}
