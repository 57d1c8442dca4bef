import { type IncomingMessage } from 'node:http';

/**
 * Whether the client holds its body back until it gets `100 Continue`. To HTTP/1.0 none is sent,
 * and other expectations are ignored (RFC 9110 §10.1.1, §15.2).
 */
export function awaitsContinue({ headers, httpVersion }: IncomingMessage): boolean {
  if (headers.expect === undefined || httpVersion !== '1.1') return false;
  return headers.expect.split(',').some((member) => member.trim().toLowerCase() === '100-continue');
}
