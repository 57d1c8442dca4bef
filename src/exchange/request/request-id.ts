import { randomUUID } from 'node:crypto';

const VALID_REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Whether `id` may stand for an exchange in headers and logs: 1 to 128 of `A-Z a-z 0-9 . _ -`. */
export function isRequestId(id: string): boolean {
  return VALID_REQUEST_ID.test(id);
}

/** The client's id where it is well formed, else one of our own. */
export function requestIdOf(offered: string | null): string {
  return offered !== null && isRequestId(offered) ? offered : newRequestId();
}

/** An id that no other exchange has. */
export function newRequestId(): string {
  return randomUUID();
}
