import { isJsonObject } from '../../wire/json/json-value.js';
import { modelNameProblem } from '../rules/model-name.js';
import { redactionProblem } from '../rules/redaction.js';
import { namedTenantProblem, tenantHeaderProblem } from '../rules/tenant-names.js';
import { CAPTURE_MODES, type CaptureMode } from '../typed/analytics-config.js';
import { Amount, Count, Flag, OneOf, Share, Text, TextsThat } from './checks.js';
import { all, check, Key, RequiredKey, type Rule } from './key.js';
import { Section, Sections, SectionsByName } from './nested.js';
import { SinkSection } from './sink.section.js';

const MIB = 1_048_576;
/** USD per million tokens; the dearest models cost hundreds. */
const MAX_PRICE = 1_000_000;
const MAX_SINKS = 16;
const MAX_NAMED_TENANTS = 10_000;

const namesRule: Rule = (value) => {
  if (!isJsonObject(value)) return 'must be an object of strings';
  const names = Object.entries(value);
  if (names.length > MAX_NAMED_TENANTS) return `must have at most ${MAX_NAMED_TENANTS} entries`;
  // The key is not shown: it may be a real one, put where its fingerprint belongs.
  const problems = names.map(([fingerprint, name]) => namedTenantProblem(fingerprint, name));
  const wrong = problems.findIndex((problem) => problem !== null);
  return wrong === -1 ? null : `entry ${wrong} ${problems[wrong] ?? ''}`;
};

const sinkCountRule: Rule = (value) => {
  if (!Array.isArray(value)) return null;
  if (value.length === 0) return 'must not be empty; to keep nothing set enabled to false';
  return value.length > MAX_SINKS ? `must have at most ${MAX_SINKS} entries` : null;
};

/** `analytics.tenant`: how the tenant of a request is determined. */
export class TenantSection {
  @Key(
    'Request headers that name the tenant; the first that is there counts.',
    TextsThat(tenantHeaderProblem),
  )
  headers: string[] = [];

  @Key(
    'Names of tenants by the fingerprint of their key: the first 12 hexadecimal digits of its SHA-256.',
    check('names', namesRule, {
      type: 'object',
      propertyNames: { pattern: '^[0-9a-f]{12}$' },
      additionalProperties: { type: 'string' },
    }),
  )
  names: Record<string, string> = {};
}

/** An entry of `analytics.prices`, in USD per million tokens. */
export class PriceSection {
  @RequiredKey('USD per million tokens of the request.', Amount({ max: MAX_PRICE }))
  input: number | null = null;

  @Key(
    'USD per million tokens of the request that were read from a cache. Default: that of input.',
    Amount({ max: MAX_PRICE }),
  )
  cached_input?: number;

  @RequiredKey(
    'USD per million tokens of the reply, reasoning included.',
    Amount({ max: MAX_PRICE }),
  )
  output: number | null = null;
}

/** `analytics.capture`: which bodies are kept. */
export class CaptureSection {
  @Key('off, failures, sample (a share of the exchanges) or all.', OneOf(CAPTURE_MODES))
  mode: CaptureMode = 'off';

  @Key('Share of the exchanges with mode sample.', Share())
  rate = 0.01;

  @Key('Most bytes kept of a request, and of a reply.', Count({ max: 16 * MIB }))
  max_bytes = 65_536;

  @Key(
    'Keys (at any depth) or JSON paths ($.messages[*].content) whose values are replaced.',
    TextsThat(redactionProblem),
  )
  redact: string[] = [];
}

/** `analytics.spool`: where records wait on disk for a sink that is down. */
export class SpoolSection {
  @Key('Folder of the files.', Text({ min: 1 }))
  path = 'data/spool';

  @Key('Most bytes of all files together.', Count({ min: 0, max: 1024 * 1024 * MIB }))
  max_bytes = 256 * MIB;
}

/** `settings.analytics`: who used what. */
export class AnalyticsSection {
  @Key('Whether records of exchanges are kept.', Flag())
  enabled = true;

  @Key('How the tenant of a request is determined.', Section(TenantSection))
  tenant = new TenantSection();

  @Key(
    'Prices by globs (* and ?) of the model the backend is asked for; the one that says most of its name counts.',
    SectionsByName(PriceSection, modelNameProblem),
  )
  // The type is written out for class-transformer, which reads it to tell a map from an object.
  prices: Map<string, PriceSection> = new Map<string, PriceSection>();

  @Key('Which bodies are kept.', Section(CaptureSection))
  capture = new CaptureSection();

  @Key('Days after which records are deleted; 0 = never.', Count({ min: 0, max: 36_500 }))
  retention_days = 90;

  @Key('Most records that wait in memory for a sink.', Count({ max: 1_000_000 }))
  queue = 10_000;

  @Key('Where records wait on disk for a sink that is down.', Section(SpoolSection))
  spool = new SpoolSection();

  @Key(
    'Where records go. Default: duckdb, or postgres where DATABASE_URL is set.',
    all(
      Sections(SinkSection),
      check('sinkCount', sinkCountRule, { minItems: 1, maxItems: MAX_SINKS }),
    ),
  )
  sinks?: SinkSection[];
}
