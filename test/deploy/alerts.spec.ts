import { describe, expect, it } from '@jest/globals';
import { ALERT_CASES, alertCases, ALERTS, alerts } from './quoted-metrics.js';
import { describeWith, runTool } from './tools.js';

describe('the alert rules', () => {
  it('each have a case in which they fire', () => {
    expect(alertCases()).toEqual(alerts().map(({ alert }) => alert));
  });

  it('each say what is wrong and what to look at', () => {
    for (const { annotations } of alerts()) {
      expect(annotations).toEqual({
        summary: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\S/),
      });
    }
  });
});

describeWith(['promtool'], 'the alert rules in Prometheus', () => {
  it('are understood', () => {
    const { exitCode, output } = runTool('promtool', ['check', 'rules', ALERTS]);
    expect([exitCode, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('fire in their cases, and for nothing else in them', () => {
    const { exitCode, output } = runTool('promtool', ['test', 'rules', ALERT_CASES]);
    expect([exitCode, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});
