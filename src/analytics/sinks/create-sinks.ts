import { type SinkConfig } from '../../config/typed/analytics-config.js';
import { AnalyzerSink } from './analyzer/analyzer-sink.js';
import { createFileSink } from './file/file-sink.js';
import { LazySink, LazyStore } from './lazy-sink.js';
import { type Load, LoadsInTurn } from './loads-in-turn.js';
import { type Sink } from './sink.js';

/**
 * Makes the sinks of a configuration, in its order; nothing is opened or loaded yet.
 *
 * @param wallMs - milliseconds since 1970.
 */
export function createSinks(configs: readonly SinkConfig[], wallMs: () => number): Sink[] {
  const loads = new LoadsInTurn();
  const inTurn = <Loaded>(load: Load<Loaded>): Load<Loaded> => loads.inTurn(load);
  return configs.map((config, index) => {
    const before = configs.slice(0, index).filter(({ kind }) => kind === config.kind).length;
    return createSink(config, { name: sinkName(config.kind, before), wallMs, inTurn });
  });
}

/** `file` for the first of its kind, then `file-2`, `file-3`. */
function sinkName(kind: SinkConfig['kind'], before: number): string {
  return before === 0 ? kind : `${kind}-${before + 1}`;
}

interface SinkContext {
  readonly name: string;
  readonly wallMs: () => number;
  /** Has the loads of all sinks follow each other. */
  readonly inTurn: <Loaded>(load: Load<Loaded>) => Load<Loaded>;
}

function createSink(config: SinkConfig, { name, wallMs, inTurn }: SinkContext): Sink {
  switch (config.kind) {
    case 'file':
      return createFileSink(config, name);
    case 'module':
      return new AnalyzerSink(config, { name, wallMs });
    case 'duckdb':
      return new LazyStore(
        name,
        inTurn(async () => {
          const { createDuckDbClient } = await import('./duckdb/duckdb-client.js');
          return createDuckDbClient(config, name);
        }),
      );
    case 'postgres':
      return new LazyStore(
        name,
        inTurn(async () => {
          const { createPostgresSink } = await import('./postgres/postgres-sink.js');
          return createPostgresSink(config, name);
        }),
      );
    case 'otlp':
      return new LazySink(
        name,
        inTurn(async () => {
          const { createOtlpSink } = await import('./otlp/otlp-sink.js');
          return createOtlpSink(config, name);
        }),
      );
    default: {
      const exhaustiveCheck: never = config;
      return exhaustiveCheck;
    }
  }
}
