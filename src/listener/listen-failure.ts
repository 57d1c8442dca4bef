import { formatAddress, type ListenAddress } from '../config/typed/listen-address.js';
import { codeOf } from '../errors/error-code.js';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another process listens there already'],
  ['EACCES', 'the operating system does not permit it, as it does not for most ports below 1024'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['ENOTFOUND', 'there is no such host'],
]);

/**
 * Why the listener could not be opened, and what to set.
 *
 * @returns null for an error that is about something else
 */
export function listenFailure(error: unknown, { host, port }: ListenAddress): string | null {
  const reason = REASONS.get(codeOf(error) ?? '');
  if (reason === undefined) return null;
  return `Sluice cannot listen on ${formatAddress({ host, port })}: ${reason}. Set settings.listen, LISTEN_ADDR or LISTEN_PORT to another.`;
}
