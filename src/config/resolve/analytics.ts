import { resolve } from 'node:path';
import { toCollectorUrl } from '../rules/collector-url.js';
import { Secret } from '../secret.js';
import {
  type AnalyticsSection,
  type PriceSection,
  type TenantSection,
} from '../sections/analytics.section.js';
import { type SinkSection } from '../sections/sink.section.js';
import {
  type AnalyticsConfig,
  type PriceConfig,
  type SinkConfig,
  type TenantConfig,
} from '../typed/analytics-config.js';
import { DEFAULT_SINK_PATHS, readSinkUse } from '../typed/sink-kind.js';

/** Where paths start from, and what the environment says. */
export interface AnalyticsSurroundings {
  /** The folder of `config.json`. */
  readonly folder: string;
  /** `DATABASE_URL`: where records go if no sink is listed. */
  readonly databaseUrl: string | null;
}

const DEFAULT_ROTATE_BYTES = 104_857_600;
const DEFAULT_KEPT_FILES = 5;

/** Reads the `analytics` of the file. */
export function resolveAnalytics(
  section: AnalyticsSection,
  surroundings: AnalyticsSurroundings,
): AnalyticsConfig {
  const { enabled, tenant, prices, capture, spool } = section;
  return {
    isEnabled: enabled,
    tenant: toTenant(tenant),
    prices: [...prices].map(([model, price]) => toPrice(model, price)),
    capture: {
      mode: capture.mode,
      rate: capture.rate,
      maxBytes: capture.max_bytes,
      redact: capture.redact,
    },
    retentionDays: section.retention_days,
    maxQueued: section.queue,
    spool: { path: resolve(surroundings.folder, spool.path), maxBytes: spool.max_bytes },
    sinks: enabled ? resolveSinks(section.sinks, surroundings) : [],
  };
}

function toTenant({ headers, names }: TenantSection): TenantConfig {
  return {
    headers: headers.map((name) => name.toLowerCase()),
    names: new Map(Object.entries(names)),
  };
}

function toPrice(model: string, { input, cached_input, output }: PriceSection): PriceConfig {
  return { model, input: input ?? 0, cachedInput: cached_input ?? null, output: output ?? 0 };
}

function resolveSinks(
  sections: readonly SinkSection[] | undefined,
  { folder, databaseUrl }: AnalyticsSurroundings,
): readonly SinkConfig[] {
  if (sections !== undefined) return sections.map((section) => toSink(section, folder));
  return databaseUrl === null
    ? [{ kind: 'duckdb', path: resolve(folder, DEFAULT_SINK_PATHS.duckdb) }]
    : [{ kind: 'postgres', url: new Secret(databaseUrl) }];
}

function toSink(section: SinkSection, folder: string): SinkConfig {
  const kind = readSinkUse(section.use) ?? 'module';
  switch (kind) {
    case 'duckdb':
      return { kind, path: resolve(folder, section.path ?? DEFAULT_SINK_PATHS.duckdb) };
    case 'postgres':
      return { kind, url: new Secret(section.url ?? '') };
    case 'file':
      return {
        kind,
        path: resolve(folder, section.path ?? DEFAULT_SINK_PATHS.file),
        rotateBytes: section.rotate_bytes ?? DEFAULT_ROTATE_BYTES,
        keep: section.keep ?? DEFAULT_KEPT_FILES,
      };
    case 'otlp':
      return {
        kind,
        url: toCollectorUrl(section.url ?? ''),
        headers: Object.entries(section.headers ?? {}).map(([name, value]) => [
          name,
          new Secret(value),
        ]),
      };
    case 'module':
      return { kind, path: resolve(folder, section.use), options: section.options ?? {} };
    default: {
      const exhaustiveCheck: never = kind;
      return exhaustiveCheck;
    }
  }
}
