import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backend, configOf } from '../support/gateway/config.js';
import { type Gateway, startGateway } from '../support/gateway/gateway.js';
import {
  alertExpressions,
  type Expression,
  metricsIn,
  panelExpressions,
  variableExpressions,
} from './quoted-metrics.js';

/** The series that a metric of a type is told as. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

describe('every metric named', () => {
  let gateway: Gateway;
  let exposed: ReadonlySet<string>;

  beforeAll(async () => {
    gateway = await startGateway(configOf([backend('http://127.0.0.1:9')]));
    exposed = seriesOf(await (await fetch(`${gateway.url}/metrics`)).text());
  });

  afterAll(async () => {
    await gateway.close();
  });

  it.each([
    ['in the dashboard', [...panelExpressions(), ...variableExpressions()]],
    ['in the alert rules', alertExpressions()],
  ])('%s is one that the gateway tells', (_place, expressions) => {
    expect(expressions.flatMap(unknownIn)).toEqual([]);
  });

  it('is looked for in expressions that name some', () => {
    for (const { text } of [...panelExpressions(), ...alertExpressions()]) {
      expect(metricsIn(text)).not.toEqual([]);
    }
  });

  function unknownIn({ where, text }: Expression): string[] {
    const unknown = metricsIn(text).filter((name) => !exposed.has(name));
    return unknown.map((name) => `${name} in ${where}`);
  }
});

/** Names of the series, also of metrics that have counted nothing yet. */
function seriesOf(exposition: string): ReadonlySet<string> {
  const types = exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Set(
    Array.from(types, ([, name = '', type = '']) =>
      (SUFFIXES[type] ?? []).map((suffix) => name + suffix),
    ).flat(),
  );
}
