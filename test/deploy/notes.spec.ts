import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CHART, KUBERNETES } from './chart.js';
import { describeWith, projectPath, runTool } from './tools.js';

/** `helm template` leaves the notes out, and `helm install` wants a cluster. */
const SHOWN = 'text: {{ include "sluice/templates/NOTES.txt" . | quote }}\n';

describeWith(['helm'], 'the notes of the chart', () => {
  let chart = '';

  beforeAll(() => {
    chart = mkdtempSync(join(tmpdir(), 'sluice-chart-'));
    cpSync(projectPath(CHART), chart, { recursive: true });
    writeFileSync(join(chart, 'templates', 'shown.yaml'), SHOWN);
  });

  afterAll(() => {
    rmSync(chart, { recursive: true });
  });

  /** In one line. */
  function notes(values: object): string {
    const args = ['template', 'sluice', chart, '--kube-version', KUBERNETES, '-f', '-'];
    const shown = runTool('helm', [...args, '-s', 'templates/shown.yaml'], stringify(values));
    if (shown.exitCode !== 0) throw new Error(shown.output);
    const { text } = parse(shown.stdout) as { readonly text: string };
    return text.replace(/\s+/g, ' ');
  }

  const EVERY_POD = 'Every pod of the cluster can reach Sluice';
  const EMPTY_FROM = 'networkPolicy.from is empty: every pod of the cluster can still reach Sluice';
  const peers = { networkPolicy: { enabled: true, from: [{ podSelector: {} }] } };
  const ingress = { ingress: { enabled: true, hosts: ['a.example.com', 'b.example.com'] } };
  const httpRoute = {
    httpRoute: { enabled: true, hostnames: ['c.example.com'], parentRefs: [{ name: 'public' }] },
  };

  it('warn that every pod spends the keys, unless a policy names who may', () => {
    expect(notes({})).toContain(EVERY_POD);
    expect(notes(ingress)).toContain(EVERY_POD);
    expect(notes(peers)).not.toContain('very pod');
  });

  it('warn of a policy that lets everyone in', () => {
    const shown = notes({ networkPolicy: { enabled: true } });
    expect(shown).toContain(EMPTY_FROM);
    expect(shown).not.toContain(EVERY_POD);
  });

  it('warn that whoever reaches a host spends the keys', () => {
    const warning = (hosts: string): string =>
      `Whoever reaches ${hosts} spends the keys in this configuration`;
    expect(notes({ ...ingress, ...peers })).toContain(warning('a.example.com, b.example.com'));
    expect(notes(httpRoute)).toContain(warning('c.example.com'));
    expect(notes({ ...ingress, ...httpRoute })).toContain(
      warning('a.example.com, b.example.com, c.example.com'),
    );
    expect(notes({})).not.toContain('Whoever reaches');
  });
});
