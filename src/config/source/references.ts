import { resolve } from 'node:path';
import { type ConfigFault } from '../config-error.js';
import { type Environment } from '../environment/environment.js';
import { formatPath, type Path } from '../path.js';
import { type ReadFile, tryRead, whyUnread } from './read-file.js';

/** Where references in the configuration are looked up. */
export interface ReferenceSources {
  readonly environment: Environment;
  /** The folder that relative `${file:…}` paths start from. */
  readonly folder: string;
  readonly readFile: ReadFile;
}

const REFERENCE = /\$\{([^}]*)\}/g;
const FILE = /^file:(.+)$/s;
const VARIABLE = /^([A-Za-z_]\w*)(?::-(.*))?$/s;

/**
 * Replaces `${NAME}`, `${NAME:-text}` and `${file:path}` in every string of the value, keys
 * excepted; what was put in is not looked at again. An empty variable counts as unset, and the
 * newline that ends a file is no part of it.
 */
export function replaceReferences(
  value: unknown,
  sources: ReferenceSources,
): { readonly value: unknown; readonly faults: readonly ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const replace = (part: unknown, path: Path): unknown => {
    if (typeof part === 'string') return replaceIn(part, formatPath(path), sources, faults);
    if (Array.isArray(part)) return part.map((item, index) => replace(item, [...path, index]));
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part);
    return Object.fromEntries(entries.map(([key, item]) => [key, replace(item, [...path, key])]));
  };
  return { value: replace(value, []), faults };
}

function replaceIn(
  text: string,
  path: string,
  sources: ReferenceSources,
  faults: ConfigFault[],
): string {
  // Behind the last brace nothing can end, and to look for an end from each beginning is O(n²).
  const end = text.lastIndexOf('}') + 1;
  const replaced = text.slice(0, end).replace(REFERENCE, (whole, reference: string) => {
    const found = lookUp(reference, sources);
    if (found.kind === 'text') return found.text;
    faults.push({ path, message: found.problem });
    return whole;
  });
  return replaced + text.slice(end);
}

type Found =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly problem: string };

function lookUp(reference: string, sources: ReferenceSources): Found {
  const file = FILE.exec(reference)?.[1];
  if (file !== undefined) return lookUpFile(file, sources);
  const [, name, fallback] = VARIABLE.exec(reference) ?? [];
  if (name === undefined) {
    return { kind: 'fault', problem: 'a reference is ${NAME}, ${NAME:-text} or ${file:/path}' };
  }
  const text = sources.environment.get(name) ?? fallback;
  return text === undefined
    ? { kind: 'fault', problem: `the environment variable ${name} is not set` }
    : { kind: 'text', text };
}

function lookUpFile(path: string, { folder, readFile }: ReferenceSources): Found {
  const read = tryRead(readFile, resolve(folder, path));
  return read.kind === 'read'
    ? { kind: 'text', text: read.text.replace(/\r?\n$/, '') }
    : { kind: 'fault', problem: `the file ${path} cannot be read: ${whyUnread(read)}` };
}
