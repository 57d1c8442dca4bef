import {
  type AnalyticsConfig,
  type CaptureConfig,
  type PriceConfig,
  type SinkConfig,
  type TenantConfig,
} from '../typed/analytics-config.js';
import { type Facts, printable, told } from './fact.js';

/** Analytics in words; secrets and the options of sinks of one's own are left out. */
export function analyticsFacts(analytics: AnalyticsConfig): Facts {
  if (!analytics.isEnabled) return { analytics: told('off') };
  const { sinks, tenant, prices, capture, retentionDays, maxQueued, spool } = analytics;
  return {
    analytics: { shown: `to ${sinks.map(describeSink).join(', ')}`, value: sinks },
    tenants: { shown: describeTenant(tenant), value: tenant },
    ...(prices.length > 0 && { prices: { shown: describePrices(prices), value: prices } }),
    ...(capture.mode !== 'off' && { capture: { shown: describeCapture(capture), value: capture } }),
    retention: told(retentionDays === 0 ? 'for ever' : `${retentionDays} days`),
    spool: told(
      `at most ${maxQueued} records in memory, then ${spool.maxBytes} B in ${printable(spool.path)}`,
    ),
  };
}

function describeSink(sink: SinkConfig): string {
  switch (sink.kind) {
    case 'duckdb':
      return `duckdb ${printable(sink.path)}`;
    case 'postgres':
      return `postgres ${String(sink.url)}`;
    case 'file':
      return `file ${printable(sink.path)} (${sink.keep} more of ${sink.rotateBytes} B)`;
    case 'otlp':
      return `otlp ${printable(sink.url)}`;
    case 'module':
      return printable(sink.path);
    default: {
      const exhaustiveCheck: never = sink;
      return exhaustiveCheck;
    }
  }
}

function describeTenant({ headers, names }: TenantConfig): string {
  const named = names.size === 0 ? '' : `, ${names.size} named`;
  return [...headers.map((name) => `by the header ${name}`), `by fingerprint${named}`].join(
    ', else ',
  );
}

function describePrices(prices: readonly PriceConfig[]): string {
  return prices
    .map(({ model, input, cachedInput, output }) => {
      const cached = cachedInput === null ? '' : ` (cached ${cachedInput})`;
      return `${printable(model)} ${input}${cached} in, ${output} out`;
    })
    .join('; ');
}

function describeCapture({ mode, rate, maxBytes, redact }: CaptureConfig): string {
  const which = mode === 'sample' ? `${rate * 100} % of the exchanges` : mode;
  const without = redact.length === 0 ? '' : `, without ${redact.map(printable).join(', ')}`;
  return `${which}, up to ${maxBytes} B${without}`;
}
