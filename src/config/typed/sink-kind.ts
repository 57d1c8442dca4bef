/** The sinks that are built in, in the order in which messages name them. */
export const SINK_KINDS = ['duckdb', 'postgres', 'file', 'otlp'] as const;

/** A sink that is built in. */
export type SinkKind = (typeof SINK_KINDS)[number];

/** What `use` of a sink says: a built-in kind, or the path of a JavaScript file; null when neither. */
export function readSinkUse(use: string): SinkKind | 'module' | null {
  const kind = SINK_KINDS.find((known) => known === use);
  if (kind !== undefined) return kind;
  return /^[^\0]*[^\0/]\.m?js$/.test(use) ? 'module' : null;
}

/** Where the sinks that write files do so unless told otherwise; relative to `config.json`. */
export const DEFAULT_SINK_PATHS = {
  duckdb: 'data/analytics.duckdb',
  file: 'logs/exchanges.jsonl',
} as const;
