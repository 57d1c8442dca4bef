import { type SinkFigures } from '../analytics/delivery/sink-figures.js';

/** A sink that is up and this far behind has stopped answering, or cannot keep up. */
const FAR_BEHIND_MS = 60_000;

/** How a sink of analytics fares. */
export interface SinkReport {
  readonly status: 'up' | 'down';
  /** Age of the oldest record that it has not written. */
  readonly lag_seconds: number;
  readonly queued: number;
  readonly spool_bytes: number;
  /** Records lost since the start. */
  readonly dropped: number;
  readonly last_error: string | null;
}

/** Whether records of exchanges are kept. They are no reason to send traffic elsewhere. */
export interface AnalyticsReport {
  readonly status: 'ok' | 'degraded' | 'off';
  /** Of the sink that is furthest behind. */
  readonly lag_seconds: number;
  readonly sinks: Readonly<Record<string, SinkReport>>;
}

/** @param figures - of every sink; none where analytics are off */
export function analyticsReport(figures: readonly SinkFigures[]): AnalyticsReport {
  const sinks = figures.map((sink) => [sink.name, reportOf(sink)] as const);
  return {
    status: statusOf(figures),
    lag_seconds: Math.max(0, ...sinks.map(([, report]) => report.lag_seconds)),
    sinks: Object.fromEntries(sinks),
  };
}

function statusOf(figures: readonly SinkFigures[]): AnalyticsReport['status'] {
  if (figures.length === 0) return 'off';
  return figures.every(({ isUp, lagMs }) => isUp && lagMs < FAR_BEHIND_MS) ? 'ok' : 'degraded';
}

function reportOf(sink: SinkFigures): SinkReport {
  return {
    status: sink.isUp ? 'up' : 'down',
    lag_seconds: Math.round(sink.lagMs / 100) / 10,
    queued: sink.queued,
    spool_bytes: sink.spoolBytes,
    dropped: Object.values(sink.dropped).reduce((sum, count) => sum + count, 0),
    last_error: sink.lastError,
  };
}
