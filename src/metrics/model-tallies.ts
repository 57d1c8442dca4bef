import { type TokenUsage } from '../exchange/facts/token-usage.js';
import { type DurationHistogram, type DurationSeries } from './duration-histogram.js';

/** The histograms that every model adds its series to. */
export interface ModelDurations {
  readonly firstToken: DurationHistogram;
  readonly interToken: DurationHistogram;
}

/** The labels of a model on a backend. */
export interface ModelLabelPair {
  readonly backend: string;
  readonly model: string;
}

/** What is counted of one model on one backend: plain numbers that prom-client reads when asked. */
export class ModelTallies {
  /** By the label `kind`. */
  readonly tokens = { prompt: 0, completion: 0, reasoning: 0, cached: 0 };
  readonly firstToken: DurationSeries;
  readonly interToken: DurationSeries;

  constructor(
    readonly labels: ModelLabelPair,
    { firstToken, interToken }: ModelDurations,
  ) {
    this.firstToken = firstToken.addSeries({ ...labels });
    this.interToken = interToken.addSeries({ ...labels });
  }

  countTokens(usage: TokenUsage): void {
    this.tokens.prompt += usage.promptTokens ?? 0;
    this.tokens.completion += usage.completionTokens ?? 0;
    this.tokens.reasoning += usage.reasoningTokens ?? 0;
    this.tokens.cached += usage.cachedTokens ?? 0;
  }
}
