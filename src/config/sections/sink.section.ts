import { isJsonObject } from '../../wire/json/json-value.js';
import { collectorUrlProblem } from '../rules/collector-url.js';
import { databaseUrlProblem } from '../rules/database-url.js';
import { readSinkUse, SINK_KINDS, type SinkKind } from '../typed/sink-kind.js';
import { Count, Text, TextThat } from './checks.js';
import { FieldValues } from './field-values.js';
import { keyOf } from './key-of.js';
import { all, check, Key, RequiredKey, type Rule } from './key.js';

const GIB = 1_073_741_824;

/** The keys of each kind of sink besides `use`. */
const KEYS: Readonly<Record<SinkKind | 'module', readonly string[]>> = {
  duckdb: ['path'],
  postgres: ['url'],
  file: ['path', 'rotate_bytes', 'keep'],
  otlp: ['url', 'headers'],
  module: ['options'],
};

/** An entry of `analytics.sinks`: where records go. `use` decides which of the keys it has. */
export class SinkSection {
  @RequiredKey(
    'duckdb, postgres, file, otlp, or the path of a .js or .mjs file that makes a sink of your own.',
    all(TextThat(useProblem), check('needs', urlNeedRule, {})),
  )
  use = '';

  @SinkKey(
    'path',
    'File of duckdb (default data/analytics.duckdb) and of file (default logs/exchanges.jsonl).',
    Text({ min: 1 }),
  )
  path?: string;

  @SinkKey(
    'url',
    'Database of postgres: postgres://user:password@host/database. Collector of otlp: http://host:4318.',
    TextThat(urlProblem),
  )
  url?: string;

  @SinkKey(
    'rotate_bytes',
    'Bytes at which a file is followed by the next. Default 104857600.',
    Count({ max: 1024 * GIB }),
  )
  rotate_bytes?: number;

  @SinkKey(
    'keep',
    'Most files kept beside the one being written. Default 5.',
    Count({ min: 0, max: 10_000 }),
  )
  keep?: number;

  @SinkKey('headers', 'Header fields sent to the collector of otlp.', FieldValues())
  headers?: Record<string, string>;

  @SinkKey('options', 'Given as they are to a sink of your own.', Options())
  options?: Record<string, unknown>;
}

/** A key that only some kinds of sinks have. */
function SinkKey(key: string, description: string, shape: PropertyDecorator): PropertyDecorator {
  const rule: Rule = (_value, sink) => {
    const kind = kindOf(sink);
    return kind === null || KEYS[kind].includes(key)
      ? null
      : `is no key of ${kind === 'module' ? 'such a sink' : kind}, which has ${KEYS[kind].join(', ')}`;
  };
  return Key(description, all(shape, check('keyOfSink', rule, {})));
}

function Options(): PropertyDecorator {
  const rule: Rule = (value) => (isJsonObject(value) ? null : 'must be an object');
  return check('options', rule, { type: 'object' });
}

function kindOf(sink: object): SinkKind | 'module' | null {
  const use = keyOf(sink, 'use');
  return typeof use === 'string' ? readSinkUse(use) : null;
}

function useProblem(use: string): string | null {
  return readSinkUse(use) === null
    ? `must be one of ${SINK_KINDS.join(', ')}, or the path of a .js or .mjs file`
    : null;
}

function urlNeedRule(...[, sink]: Parameters<Rule>): string | null {
  const kind = kindOf(sink);
  if (kind === null || !KEYS[kind].includes('url')) return null;
  return keyOf(sink, 'url') === undefined ? `${kind} needs the key url` : null;
}

function urlProblem(url: string, sink: object): string | null {
  const kind = kindOf(sink);
  if (kind === 'postgres') return databaseUrlProblem(url);
  return kind === 'otlp' ? collectorUrlProblem(url) : null;
}
