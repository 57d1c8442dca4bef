import { type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants, platform, setPriority } from 'node:os';

/** Where Linux lists the threads of a process. */
const THREADS = '/proc/self/task';

/**
 * Has this process run on what time others leave over. On Linux each thread has a priority of its
 * own, which those it starts inherit: some run already.
 */
export function toLowestPriority(): void {
  const threads = platform() === 'linux' ? readdirSync(THREADS).map(Number) : [process.pid];
  for (const thread of threads) lower(thread);
}

/**
 * Has a process that was just started do so from its first instruction: to start Node takes 40 ms,
 * which on a single core would be the gateway's.
 */
export function startAtLowestPriority({ pid }: ChildProcess): void {
  // Without a number it could not be started.
  if (pid !== undefined) lower(pid);
}

function lower(thread: number): void {
  try {
    setPriority(thread, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended meanwhile.
  }
}
