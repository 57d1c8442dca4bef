import { expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rendered, VALUES_FILES } from './chart.js';
import { describeWith, projectPath, runTool, type ToolRun } from './tools.js';

/** Kinds of custom resources, which Kubernetes' own schemas do not know; `chart-entry.spec.ts` has them. */
const CUSTOM = /^WARN .*Couldn't find schema for kind (?:HTTPRoute|ServiceMonitor) /;

describeWith(['helm', 'kubernetes-validate'], "Kubernetes' schemas", () => {
  it.each(VALUES_FILES)('accept what the chart makes of %s', (file) => {
    expect(complaints(rendered(file))).toEqual([]);
  });

  it('refuse what Kubernetes would not know', () => {
    const text = rendered('default-values.yaml').replace('enableServiceLinks', 'enableServiceLink');
    expect(complaints(text)).not.toEqual([]);
  });
});

describeWith(['kubernetes-validate'], "Kubernetes' schemas and the plain manifests", () => {
  it('go together', () => {
    expect(complaintsOf(validate(projectPath('deploy/kubernetes/sluice.yaml')))).toEqual([]);
  });
});

function complaints(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-manifests-'));
  try {
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, text);
    return complaintsOf(validate(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function validate(file: string): ToolRun {
  return runTool('kubernetes-validate', ['--strict', '--kubernetes-version', '1.34', file]);
}

function complaintsOf({ output }: ToolRun): string[] {
  const lines = output.split('\n').filter((line) => line !== '');
  expect(lines).not.toEqual([]);
  return lines.filter((line) => !line.startsWith('INFO ') && !CUSTOM.test(line));
}
