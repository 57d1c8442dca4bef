import { describe, expect, it } from '@jest/globals';
import { UNKNOWN, type BackendHealth } from '../backends/state/backend-health.js';
import { healthReport, isReady, type GatewayHealth } from './health-report.js';

const UP: BackendHealth = { status: 'up', latencyMs: 3 };
const DOWN: BackendHealth = { status: 'down', latencyMs: 1, lastError: 'connection refused' };

const UNUSED = { breaker: 'closed', in_flight: 0 };

describe('healthReport', () => {
  it('is ok while every backend is up', () => {
    expect(healthReport(gateway({ a: UP }, { inFlight: 7 }))).toEqual({
      status: 'ok',
      info: { a: { status: 'up', latency_ms: 3, last_error: null, ...UNUSED } },
      error: {},
      details: { a: { status: 'up', latency_ms: 3, last_error: null, ...UNUSED } },
      in_flight: 7,
      draining: false,
      config: { status: 'ok', faults: [] },
      analytics: { status: 'off', lag_seconds: 0, sinks: {} },
    });
  });

  it('shows how each backend is used', () => {
    const usage = new Map([['a', { breaker: 'half-open', inFlight: 2 } as const]]);
    const { details } = healthReport(gateway({ a: UP, b: UP }, { usage }));
    expect(details).toMatchObject({ a: { breaker: 'half-open', in_flight: 2 }, b: UNUSED });
  });

  it('says what is wrong with a configuration that is not in force, which is no fault of traffic', () => {
    const configFaults = ['settings.listen: must be host:port'];
    const report = healthReport(gateway({ a: UP }, { configFaults }));
    expect(report).toMatchObject({
      status: 'ok',
      config: { status: 'stale', faults: configFaults },
    });
  });

  it('is degraded while some backends are down, and says why', () => {
    const report = healthReport(gateway({ a: UP, b: DOWN }));
    expect(report.status).toBe('degraded');
    expect(Object.keys(report.info)).toEqual(['a']);
    expect(report.error).toEqual({
      b: { status: 'down', latency_ms: 1, last_error: 'connection refused', ...UNUSED },
    });
    expect(Object.keys(report.details)).toEqual(['a', 'b']);
  });

  it('is an error when every backend is down', () => {
    expect(healthReport(gateway({ a: DOWN, b: DOWN })).status).toBe('error');
  });

  it('shows a backend that was not probed yet as unknown, which is no fault', () => {
    const report = healthReport(gateway({ a: UNKNOWN }));
    expect(report.status).toBe('ok');
    expect(report.details).toEqual({
      a: { status: 'unknown', latency_ms: null, last_error: null, ...UNUSED },
    });
  });

  it('is shutting down once draining, whatever the backends do', () => {
    const report = healthReport(gateway({ a: UP }, { isDraining: true }));
    expect(report).toMatchObject({ status: 'shutting_down', draining: true });
  });
});

describe('isReady', () => {
  it.each<[boolean, string, GatewayHealth]>([
    [true, 'a backend is up', gateway({ a: UP })],
    [true, 'a backend was not judged yet', gateway({ a: UNKNOWN })],
    [true, 'one of two backends is up', gateway({ a: DOWN, b: UP })],
    [false, 'every backend is down', gateway({ a: DOWN, b: DOWN })],
    [false, 'it drains', gateway({ a: UP }, { isDraining: true })],
  ])('is %s when %s', (ready, _when, health) => {
    expect(isReady(health)).toBe(ready);
  });
});

function gateway(
  backends: Record<string, BackendHealth>,
  rest: Partial<GatewayHealth> = {},
): GatewayHealth {
  const unused = { usage: new Map(), inFlight: 0, isDraining: false, configFaults: [], sinks: [] };
  return { ...unused, ...rest, backends: new Map(Object.entries(backends)) };
}
