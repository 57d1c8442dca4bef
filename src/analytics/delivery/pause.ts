import { setTimeout } from 'node:timers/promises';

/** Resolves when the time is over or the signal aborts; never rejects. */
export type Pause = (durationMs: number, stop: AbortSignal) => Promise<void>;

/** Keeps no process alive. */
export const pause: Pause = async (durationMs, stop) => {
  await setTimeout(durationMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
};
