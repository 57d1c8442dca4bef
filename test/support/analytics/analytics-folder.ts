import { afterEach, beforeEach } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of a gateway's analytics, that lives as long as a test. */
export interface AnalyticsFolder {
  /** Absolute path of something in it. */
  path(name: string): string;
  /** `settings.analytics` of a `config.json`, with its spool in the folder. */
  settings(...sinks: readonly object[]): object;
  /** The objects of a file of JSON lines; none while there is no file. A torn line throws. */
  lines(name: string): Promise<Record<string, unknown>[]>;
}

/** Call at the top of a suite. */
export function useAnalyticsFolder(): AnalyticsFolder {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-analytics-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const path = (name: string): string => join(folder, name);
  return {
    path,
    settings: (...sinks) => ({ spool: { path: path('spool') }, sinks }),
    lines: async (name) => {
      const text = await readFile(path(name), 'utf8').catch(() => '');
      // What is being written has no end yet.
      const lines = text.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}
