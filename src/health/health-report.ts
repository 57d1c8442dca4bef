import { type HealthCheckStatus } from '@nestjs/terminus';
import { type SinkFigures } from '../analytics/delivery/sink-figures.js';
import { type BackendHealth } from '../backends/state/backend-health.js';
import { type BreakerState } from '../backends/state/circuit-breaker.js';
import { analyticsReport, type AnalyticsReport } from './analytics-report.js';

/** What is known of the gateway when a probe asks. */
export interface GatewayHealth {
  /** By name; every configured backend. */
  readonly backends: ReadonlyMap<string, BackendHealth>;
  /** By name; what is not there is not used yet. */
  readonly usage: ReadonlyMap<string, BackendUsage>;
  readonly isDraining: boolean;
  readonly inFlight: number;
  /** What is wrong with the latest `config.json`, which is then not in force; empty when nothing is. */
  readonly configFaults: readonly string[];
  /** Of every sink of analytics. */
  readonly sinks: readonly SinkFigures[];
}

/** How a backend fares with requests. */
export interface BackendUsage {
  readonly breaker: BreakerState;
  readonly inFlight: number;
}

/** How a backend is, by its latest probe and by its requests. */
export interface BackendReport {
  readonly status: BackendHealth['status'];
  readonly latency_ms: number | null;
  readonly last_error: string | null;
  /** Of the breaker, which follows requests as well as probes. */
  readonly breaker: BreakerState;
  readonly in_flight: number;
}

type BackendReports = Readonly<Record<string, BackendReport>>;

/**
 * The body of `/health`: terminus's health check result with the gateway's own state beside it.
 * Only the verdict is not terminus's, which fails as a whole when one part is down, whereas a
 * gateway serves as long as one backend does: `degraded`.
 */
export interface HealthReport {
  readonly status: HealthCheckStatus;
  /** Backends that are up or not judged yet. */
  readonly info: BackendReports;
  /** Backends that are down. */
  readonly error: BackendReports;
  readonly details: BackendReports;
  readonly in_flight: number;
  readonly draining: boolean;
  /** Whether the configuration in force is what its files say. */
  readonly config: { readonly status: 'ok' | 'stale'; readonly faults: readonly string[] };
  /** Never a reason for another status: an answer does not depend on it. */
  readonly analytics: AnalyticsReport;
}

/** Whether new traffic should come here: not on the way out, and a backend may be able to serve. */
export function isReady({ backends, isDraining }: GatewayHealth): boolean {
  if (isDraining) return false;
  return [...backends.values()].some(({ status }) => status !== 'down');
}

/** The body of `/health`; the status code is told by {@link isReady}. */
export function healthReport(health: GatewayHealth): HealthReport {
  const reports = [...health.backends].map(([name, backend]) => {
    const { breaker, inFlight } = health.usage.get(name) ?? UNUSED;
    return [name, { ...reportOf(backend), breaker, in_flight: inFlight }] as const;
  });
  const { configFaults: faults } = health;
  return {
    status: statusOf(health),
    info: Object.fromEntries(reports.filter(([, { status }]) => status !== 'down')),
    error: Object.fromEntries(reports.filter(([, { status }]) => status === 'down')),
    details: Object.fromEntries(reports),
    in_flight: health.inFlight,
    draining: health.isDraining,
    config: { status: faults.length === 0 ? 'ok' : 'stale', faults },
    analytics: analyticsReport(health.sinks),
  };
}

function statusOf(health: GatewayHealth): HealthCheckStatus {
  if (health.isDraining) return 'shutting_down';
  if (!isReady(health)) return 'error';
  return [...health.backends.values()].some(({ status }) => status === 'down') ? 'degraded' : 'ok';
}

const UNUSED: BackendUsage = { breaker: 'closed', inFlight: 0 };

function reportOf(backend: BackendHealth): Omit<BackendReport, 'breaker' | 'in_flight'> {
  switch (backend.status) {
    case 'unknown':
      return { status: 'unknown', latency_ms: null, last_error: null };
    case 'up':
      return { status: 'up', latency_ms: backend.latencyMs, last_error: null };
    case 'down':
      return { status: 'down', latency_ms: backend.latencyMs, last_error: backend.lastError };
    default: {
      const exhaustiveCheck: never = backend;
      return exhaustiveCheck;
    }
  }
}
