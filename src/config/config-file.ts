import { dirname, resolve } from 'node:path';
import { isJsonObject } from '../wire/json/json-value.js';
import { type ConfigErrorKind, type ConfigFault } from './config-error.js';
import { type Environment } from './environment/environment.js';
import { ConfigSection } from './sections/config.section.js';
import { sinkFileFaults } from './sections/sink-files.js';
import { toConfigSection } from './sections/validate.js';
import { parseJsonText } from './source/json-text.js';
import { readPemFiles } from './source/pem-files.js';
import { type ReadFile, tryRead, whyUnread } from './source/read-file.js';
import { replaceReferences } from './source/references.js';

/** Where the configuration file is, or would be. */
export function configPath(environment: Environment, cwd: string): string {
  return resolve(cwd, environment.get('SLUICE_CONFIG') ?? 'config.json');
}

/** Where relative paths in the configuration start from. */
export function configFolder(environment: Environment, cwd: string): string {
  return dirname(configPath(environment, cwd));
}

/** Where the file is looked for, and what its references are looked up in. */
export interface FileSources {
  readonly environment: Environment;
  readonly cwd: string;
  readonly readFile: ReadFile;
  readonly file: FilePresence;
}

/** Whether a file that no variable names may be missing. */
export type FilePresence = 'optional' | 'required';

/** What a file says; the section may be used only when there are no faults. */
export interface WrittenConfig {
  readonly section: ConfigSection;
  /** PEM texts by the path of the key that names their file. */
  readonly pems: ReadonlyMap<string, string>;
  readonly faults: readonly ConfigFault[];
  /** The kind of the error, should there be one. */
  readonly kind: ConfigErrorKind;
}

/** Whether the listed backends count, or the environment has one in their place. */
export type ListedBackends = 'kept' | 'replaced';

/** Reads, parses and judges the configuration file; without one everything has its default. */
export function readConfigFile(sources: FileSources, listed: ListedBackends): WrittenConfig {
  const path = configPath(sources.environment, sources.cwd);
  const name = sources.environment.get('SLUICE_CONFIG') ?? 'config.json';
  const read = tryRead(sources.readFile, path);
  const isOptional = sources.file === 'optional' && !sources.environment.has('SLUICE_CONFIG');
  if (read.kind === 'missing' && isOptional) return nothing([]);
  if (read.kind !== 'read') {
    return nothing([{ path: name, message: `cannot be read: ${whyUnread(read)}` }], 'unreadable');
  }
  const { value, syntaxFaults, keyFaults } = parseJsonText(read.text, name);
  if (syntaxFaults.length > 0) return nothing(syntaxFaults, 'malformed');
  const kept = listed === 'kept' ? value : withoutBackends(value);
  const judged = judge(kept, name, dirname(path), sources);
  return { ...judged, faults: [...keyFaults, ...judged.faults] };
}

/** What a file says that is not there or cannot be read. */
function nothing(faults: readonly ConfigFault[], kind: ConfigErrorKind = 'invalid'): WrittenConfig {
  return { section: new ConfigSection(), pems: new Map(), faults, kind };
}

// The environment's one backend replaces the listed ones, which need not be complete on this machine.
// It serves every entry of models, whichever of them the entry names.
function withoutBackends(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const { models } = value;
  return {
    ...value,
    primary_backends: [],
    fallback_backends: [],
    ...(isJsonObject(models) && { models: withoutTheirBackends(models) }),
  };
}

function withoutTheirBackends(models: Record<string, unknown>): object {
  const entries = Object.entries(models).map(([name, entry]) => {
    return [name, isJsonObject(entry) ? { ...entry, backends: undefined } : entry] as const;
  });
  return Object.fromEntries(entries);
}

function judge(
  value: unknown,
  name: string,
  folder: string,
  { environment, readFile }: FileSources,
): WrittenConfig {
  const replaced = replaceReferences(value, { environment, folder, readFile });
  const { section, faults } = toConfigSection(replaced.value, name);
  const pems = readPemFiles(replaced.value, folder, readFile);
  // What a reference that failed left behind would be called wrong a second time.
  const unresolved = new Set(replaced.faults.map(({ path }) => path));
  const sinks = sinkFileFaults(section, folder);
  const others = [...faults, ...pems.faults, ...sinks].filter(({ path }) => !unresolved.has(path));
  return { section, pems: pems.texts, faults: [...replaced.faults, ...others], kind: 'invalid' };
}
