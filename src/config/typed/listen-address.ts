import { isIPv6 } from 'node:net';

/** Where Sluice listens. An IPv6 host has no brackets here. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const HOST_AND_PORT = /^(?:\[([^\]]+)\]|([^[\]:\s/]+))(?::(\d{1,5}))?$/;
const MAX_PORT = 65_535;

/**
 * Reads `host`, `host:port`, `[::1]` or `[::1]:port`, and a bare IPv6 address.
 * Yields null when it is none of them; the port is null when the text has none.
 */
export function readAddress(
  text: string,
): { readonly host: string; readonly port: number | null } | null {
  if (isIPv6(text)) return { host: text, port: null };
  const [, bracketed, plain, digits] = HOST_AND_PORT.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? null : readPort(digits);
  if (host === undefined || (digits !== undefined && port === null)) return null;
  return bracketed === undefined || isIPv6(bracketed) ? { host, port } : null;
}

/** Reads a port, 0 to 65535; 0 lets the system choose. Null when it is none. */
export function readPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return port <= MAX_PORT ? port : null;
}

/** Reads an address that must name its port; null when it does not. */
export function readListen(text: string): ListenAddress | null {
  const address = readAddress(text);
  const port = address?.port ?? null;
  return address === null || port === null ? null : { host: address.host, port };
}

/** `host:port` with brackets around an IPv6 address. */
export function formatAddress({ host, port }: ListenAddress): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
