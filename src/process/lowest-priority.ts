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

function lower(thread: number): void {
  try {
    setPriority(thread, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended meanwhile.
  }
}
