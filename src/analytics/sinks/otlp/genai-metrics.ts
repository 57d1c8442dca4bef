import { type Attributes, type Histogram } from '@opentelemetry/api';
import { type Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { type ExchangeRecord } from '../../record/exchange-record.js';
import { operationOf } from './operation.js';
import { commonAttributes } from './record-attributes.js';
import { SCOPE } from './record-span.js';

const MS_PER_SECOND = 1000;

// The bounds that the conventions ask for.
const TOKEN_BOUNDS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
  67_108_864,
];
const DURATION_BOUNDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const FIRST_TOKEN_BOUNDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const PER_TOKEN_BOUNDS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

/** Read when a batch is exported, and by nothing else. */
class PulledMetrics extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }

  protected onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * The metrics of the OpenTelemetry GenAI conventions, from the start of the process on. The SDK
 * bounds the combinations of attributes: 2,000 for each metric.
 */
export class GenAiMetrics {
  readonly #reader = new PulledMetrics();
  readonly #tokens: Histogram;
  readonly #duration: Histogram;
  readonly #firstToken: Histogram;
  readonly #perToken: Histogram;

  constructor(resource: Resource) {
    const meter = new MeterProvider({ resource, readers: [this.#reader] }).getMeter(SCOPE);
    const histogram = (name: string, unit: string, explicitBucketBoundaries: number[]): Histogram =>
      meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries } });
    this.#tokens = histogram('gen_ai.client.token.usage', '{token}', TOKEN_BOUNDS);
    this.#duration = histogram('gen_ai.server.request.duration', 's', DURATION_BOUNDS);
    this.#firstToken = histogram('gen_ai.server.time_to_first_token', 's', FIRST_TOKEN_BOUNDS);
    this.#perToken = histogram('gen_ai.server.time_per_output_token', 's', PER_TOKEN_BOUNDS);
  }

  /** Counts an exchange in which a model was asked; others are none of the conventions' business. */
  count(record: ExchangeRecord): void {
    if (operationOf(record.endpoint) === null) return;
    const attributes = commonAttributes(record);
    this.#countTokens(record, attributes);
    const { total_ms, first_token_ms, tokens_per_second } = record;
    if (total_ms !== null) this.#duration.record(total_ms / MS_PER_SECOND, attributes);
    if (first_token_ms !== null)
      this.#firstToken.record(first_token_ms / MS_PER_SECOND, attributes);
    if (tokens_per_second !== null && tokens_per_second > 0) {
      this.#perToken.record(1 / tokens_per_second, attributes);
    }
  }

  /** All that was counted so far. */
  async collected(): Promise<ResourceMetrics> {
    const { resourceMetrics } = await this.#reader.collect();
    return resourceMetrics;
  }

  #countTokens({ prompt_tokens, completion_tokens }: ExchangeRecord, attributes: Attributes): void {
    const counts = { input: prompt_tokens, output: completion_tokens };
    for (const [type, tokens] of Object.entries(counts)) {
      if (tokens !== null)
        this.#tokens.record(tokens, { ...attributes, 'gen_ai.token.type': type });
    }
  }
}
