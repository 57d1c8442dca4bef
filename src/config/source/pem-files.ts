import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { type ConfigFault } from '../config-error.js';
import { formatPath, type Path } from '../path.js';
import { type ReadFile, tryRead, whyUnread } from './read-file.js';

/** The files that a configuration names, by the path of the key that names them. */
export interface PemFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly faults: readonly ConfigFault[];
}

const TLS_CERT = ['settings', 'tls', 'cert'];
const TLS_KEY = ['settings', 'tls', 'key'];

/**
 * Reads the certificates and keys that a plain configuration names, whatever else is wrong with
 * it, and checks that they are what they should be. Relative names start from `folder`.
 */
export function readPemFiles(plain: unknown, folder: string, readFile: ReadFile): PemFiles {
  const texts = new Map<string, string>();
  const faults: ConfigFault[] = [];
  for (const path of [...authorityPaths(plain), TLS_CERT, TLS_KEY]) {
    const file = valueAt(plain, path);
    if (typeof file !== 'string' || file === '') continue;
    const read = tryRead(readFile, resolve(folder, file));
    if (read.kind === 'read') texts.set(formatPath(path), read.text);
    else faults.push({ path: formatPath(path), message: whyUnreadable(whyUnread(read)) });
  }
  return { texts, faults: [...faults, ...authorityFaults(texts), ...pairFaults(texts)] };
}

function whyUnreadable(reason: string): string {
  return `the file cannot be read: ${reason}`;
}

function authorityPaths(plain: unknown): Path[] {
  return ['primary_backends', 'fallback_backends'].flatMap((list) => {
    const backends = valueAt(plain, [list]);
    return Array.isArray(backends) ? backends.map((_, index) => [list, index, 'ca']) : [];
  });
}

function valueAt(plain: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? Object.getOwnPropertyDescriptor(value, step)?.value
        : undefined,
    plain,
  );
}

function authorityFaults(texts: ReadonlyMap<string, string>): ConfigFault[] {
  return [...texts]
    .filter(([path, text]) => path.endsWith('.ca') && fails(() => new X509Certificate(text)))
    .map(([path]) => ({ path, message: 'the file is no PEM certificate' }));
}

function pairFaults(texts: ReadonlyMap<string, string>): ConfigFault[] {
  const cert = texts.get(formatPath(TLS_CERT));
  const key = texts.get(formatPath(TLS_KEY));
  if (cert === undefined || key === undefined) return [];
  const path = formatPath(TLS_CERT);
  if (fails(() => new X509Certificate(cert))) {
    return [{ path, message: 'the file is no PEM certificate' }];
  }
  return fails(() => createSecureContext({ cert, key }))
    ? [{ path: formatPath(TLS_KEY), message: 'the file is not the PEM key of settings.tls.cert' }]
    : [];
}

function fails(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}
