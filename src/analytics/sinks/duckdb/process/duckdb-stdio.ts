/** What the process inherits and shares; the batches come through the last. */
export const STDIO = ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'] as const;

/** Its file descriptor in the process, and its place in `ChildProcess.stdio`. */
export const BATCH_PIPE = STDIO.indexOf('pipe');
