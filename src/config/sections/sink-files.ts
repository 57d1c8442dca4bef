import { resolve } from 'node:path';
import { type ConfigFault } from '../config-error.js';
import { formatPath, type Path } from '../path.js';
import { DEFAULT_SINK_PATHS } from '../typed/sink-kind.js';
import { type ConfigSection } from './config.section.js';
import { keyOf } from './key-of.js';

/**
 * Sinks that would write to the file of another. Parts of the section may still be anything: it is
 * looked at before its faults are known.
 *
 * @param folder - where relative paths start from
 */
export function sinkFileFaults(section: ConfigSection, folder: string): ConfigFault[] {
  const sinks = keyOf(keyOf(section.settings, 'analytics'), 'sinks');
  if (!Array.isArray(sinks)) return [];
  const firsts = new Map<string, Path>();
  return sinks.flatMap((sink: unknown, index) => {
    const file = fileOf(sink);
    if (file === null) return [];
    const path = ['settings', 'analytics', 'sinks', index];
    const first = firsts.get(resolve(folder, file));
    if (first === undefined) {
      firsts.set(resolve(folder, file), path);
      return [];
    }
    const message = `${formatPath(first)} writes to the same file`;
    return [{ path: formatPath([...path, 'path']), message }];
  });
}

function fileOf(sink: unknown): string | null {
  const use = keyOf(sink, 'use');
  if (use !== 'duckdb' && use !== 'file') return null;
  const file = keyOf(sink, 'path') ?? DEFAULT_SINK_PATHS[use];
  return typeof file === 'string' ? file : null;
}
