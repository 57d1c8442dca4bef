import { codeOf } from './error-code.js';

/** By which the operating system says that this process, or the machine, cannot open one more. */
const CODES: ReadonlySet<string | null> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** Whether something failed for want of file descriptors or memory: that says nothing of anybody else. */
export function isExhaustion(error: unknown): boolean {
  return CODES.has(codeOf(error));
}
