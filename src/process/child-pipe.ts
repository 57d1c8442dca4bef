import { Socket } from 'node:net';

/** What a ChildProcess has, or not: nothing was made of one when a file descriptor was missing. */
interface WithStdio {
  readonly stdio?: readonly unknown[];
}

/**
 * A pipe to a process. It does not keep the gateway from ending.
 *
 * @param at - its place in `ChildProcess.stdio`.
 * @returns null when the process could not be started, which its event `error` tells.
 */
export function pipeTo(child: WithStdio, at: number): Socket | null {
  const pipe = child.stdio?.[at];
  if (!(pipe instanceof Socket)) return null;
  // It fails when the process has ended, which the events of that tell.
  pipe.on('error', () => undefined);
  pipe.unref();
  return pipe;
}
