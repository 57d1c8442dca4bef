/** What the process inherits and shares; jobs go, and answers come, through the last. */
export const STDIO = ['ignore', 'ignore', 'inherit', 'pipe'] as const;

/** Its file descriptor in the process, and its place in `ChildProcess.stdio`. */
export const JOB_PIPE = STDIO.indexOf('pipe');
