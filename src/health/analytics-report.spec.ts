import { describe, expect, it } from '@jest/globals';
import { type SinkFigures } from '../analytics/delivery/sink-figures.js';
import { analyticsReport } from './analytics-report.js';

const UP: SinkFigures = {
  name: 'duckdb',
  isUp: true,
  lastError: null,
  queued: 2,
  lagMs: 1_230,
  spoolBytes: 0,
  written: 5,
  dropped: { overflow: 1, spool_full: 2, disk: 3, rejected: 4 },
};
const DOWN: SinkFigures = { ...UP, name: 'postgres', isUp: false, lastError: 'gone', lagMs: 9_000 };

describe('analyticsReport', () => {
  it('shows each sink', () => {
    expect(analyticsReport([UP])).toEqual({
      status: 'ok',
      lag_seconds: 1.2,
      sinks: {
        duckdb: {
          status: 'up',
          lag_seconds: 1.2,
          queued: 2,
          spool_bytes: 0,
          dropped: 10,
          last_error: null,
        },
      },
    });
  });

  it('is degraded while a sink is down, and as far behind as that one', () => {
    const report = analyticsReport([UP, DOWN]);
    expect(report).toMatchObject({ status: 'degraded', lag_seconds: 9 });
    expect(report.sinks.postgres).toMatchObject({ status: 'down', last_error: 'gone' });
  });

  it('is degraded when a sink that says nothing is a minute behind', () => {
    expect(analyticsReport([{ ...UP, lagMs: 60_000 }]).status).toBe('degraded');
  });

  it('is off where there is no sink', () => {
    expect(analyticsReport([])).toEqual({ status: 'off', lag_seconds: 0, sinks: {} });
  });
});
