import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Panel, panelExpressions, panels } from './quoted-metrics.js';
import { describeWith, runTool, type ToolRun } from './tools.js';

/** Columns of a dashboard. */
const COLUMNS = 24;

describe('the dashboard', () => {
  it('tells its panels apart', () => {
    const ids = panels().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no panel on top of another, or beyond the edge', () => {
    const cells = panels().flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
    const beyond = panels().filter(({ gridPos: { x, w } }) => x + w > COLUMNS);
    expect(beyond).toEqual([]);
  });
});

describeWith(['promtool'], 'the dashboard in Prometheus', () => {
  it('asks nothing that is no PromQL', () => {
    expect(panelExpressions().length).toBeGreaterThan(30);
    const { exitCode, output } = checkRules(panelExpressions().map(({ text }) => text));
    expect([exitCode, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});

/** `$job` and the like are what Grafana puts in. */
function checkRules(expressions: readonly string[]): ToolRun {
  const rules = expressions.map((text, index) => ({
    record: `panel:${index}`,
    expr: text.replaceAll('$__rate_interval', '5m').replace(/\$\w+/g, '.*'),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dashboard-'));
  try {
    const file = join(folder, 'rules.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    return runTool('promtool', ['check', 'rules', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cellsOf({ gridPos: { x, y, w, h } }: Panel): string[] {
  return Array.from(
    { length: w * h },
    (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`,
  );
}
