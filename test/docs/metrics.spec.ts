import { describe, expect, it } from '@jest/globals';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { page } from '../support/documents.js';
import { writtenConfig } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { DONE, textEvent, usageEvent } from '../support/upstream/chat-events.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

/** The name, the type and the labels of a row. */
const ROW = /^\| `(sluice_\w+)` *\| (\w+) *\| ([^|]*)\|/gm;

/** What prom-client gathers by itself. */
const FOREIGN = /^sluice_(?:process|nodejs)_/;

const NOWHERE = 'http://127.0.0.1:9/v1';

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
}

function documented(): Map<string, Metric> {
  const rows = page('docs/metrics.md').text.matchAll(ROW);
  return new Map(
    Array.from(rows, ([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label = '']) => label) },
    ]),
  );
}

function typesIn(exposition: string): Record<string, string> {
  const types = exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return Object.fromEntries(
    Array.from(types, ([, name = '', type = '']) => [name, type] as const).filter(
      ([name]) => !FOREIGN.test(name),
    ),
  );
}

/** The labels of each series that has counted something; of histograms those of their count. */
function labelsIn(exposition: string): Record<string, readonly string[]> {
  const series = exposition.matchAll(/^(sluice_\w+?)(?:_count)?(?:\{(.*)\})? \S+$/gm);
  return Object.fromEntries(
    Array.from(series, ([, name = '', labels = '']) => [
      name,
      Array.from(labels.matchAll(/(\w+)="/g), ([, label = '']) => label),
    ]),
  );
}

async function think(turn: UpstreamTurn): Promise<void> {
  await turn.beginStream();
  for (const content of ['<think>', 'Easy.', '</think>', 'Paris', '.']) {
    await turn.chunk(textEvent(content));
  }
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  await turn.chunk(usageEvent(usage) + DONE);
  await turn.endStream();
}

describe('docs/metrics.md', () => {
  const { upstreamOf, gatewayWith } = useScenes();
  const folder = useAnalyticsFolder();

  /** What a gateway tells after a request that was repeated, thought, and left a record. */
  async function exposition(): Promise<string> {
    const upstream = await upstreamOf(think);
    const gateway = await gatewayWith(
      writtenConfig({
        primary_backends: [{ name: 'gone', url: NOWHERE }],
        fallback_backends: [{ name: 'local', url: `${upstream.url}/v1` }],
        settings: { analytics: folder.settings({ use: 'file', path: folder.path('records') }) },
      }),
    );
    const finished = gateway.nextFinished();
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: 'x' }],
      }),
    });
    await reply.text();
    await finished;
    return (await fetch(`${gateway.url}/metrics`)).text();
  }

  it('has every metric that a gateway tells, with its type and its labels', async () => {
    const told = await exposition();
    const rows = documented();
    expect(Object.fromEntries([...rows].map(([name, { type }]) => [name, type]))).toEqual(
      typesIn(told),
    );
    const labels = labelsIn(told);
    expect(Object.fromEntries([...rows].map(([name, row]) => [name, row.labels]))).toEqual(
      Object.fromEntries([...rows].map(([name]) => [name, labels[name]])),
    );
  });
});
