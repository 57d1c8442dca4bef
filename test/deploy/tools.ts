import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { locate } from '../../scripts/locate-tools.mjs';

/** Programs that npm cannot install. */
export type ToolName = 'helm' | 'kubernetes-validate' | 'promtool';

/** How a program ended. */
export interface ToolRun {
  readonly exitCode: number | null;
  /** Standard output and standard error, one after the other. */
  readonly output: string;
  readonly stdout: string;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 16_777_216;

/** A file or folder of the project, by its path from the top. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** A suite that needs these programs; jest tells it as skipped where one is missing. */
export function describeWith(tools: readonly ToolName[], name: string, suite: () => void): void {
  const missing = tools.filter((tool) => locate(tool) === null);
  if (missing.length === 0) describe(name, suite);
  else describe.skip(`${name} (needs ${missing.join(' and ')})`, suite);
}

/** Runs a program at the top of the project to its end, with `input` as its standard input. */
export function runTool(tool: ToolName, args: readonly string[], input = ''): ToolRun {
  const { status, stdout, stderr, error } = spawnSync(locate(tool) ?? tool, args, {
    cwd: projectPath('.'),
    encoding: 'utf8',
    input,
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: TIMEOUT_MS,
  });
  if (error) throw error;
  return { exitCode: status, output: stdout + stderr, stdout };
}
