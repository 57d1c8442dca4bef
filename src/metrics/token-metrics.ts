import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { type Exchange } from '../exchange/exchange.js';
import { askedModelOf } from '../exchange/facts/asked-model.js';
import { type ExchangeFacts } from '../exchange/facts/exchange-facts.js';
import { firstTokenMsOf } from '../exchange/facts/first-token.js';
import { tokensOf } from '../exchange/facts/tokens-of.js';
import { isSuccess } from '../exchange/reply/status.js';
import { DurationHistogram } from './duration-histogram.js';
import { ModelLabels } from './model-labels.js';
import { type ModelDurations, ModelTallies } from './model-tallies.js';
import { REGISTRY } from './registry.js';

/** What the metrics read of an exchange that has ended. */
export interface AnsweredExchange extends Pick<Exchange, 'route' | 'usageLookup'> {
  readonly facts: Pick<
    ExchangeFacts,
    'status' | 'requestedModel' | 'stream' | 'usage' | 'firstReasoningMs' | 'firstAnswerMs' | 'gaps'
  >;
}

/** From one token to the next: a fast model writes a thousand in a second. */
const INTER_TOKEN_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/**
 * Counts what models wrote, and how fast. Only answers that succeeded count: what a client makes up
 * as a model's name uses up none of the labels.
 */
@Injectable()
export class TokenMetrics {
  readonly #models = new Map<string, ModelTallies>();
  readonly #labels = new ModelLabels();
  readonly #durations: ModelDurations;

  constructor(@Inject(REGISTRY) registry: Registry) {
    this.#registerTokens(registry);
    this.#durations = {
      firstToken: new DurationHistogram({
        name: 'sluice_first_token_seconds',
        help: 'From a request to the first token of its stream, of reasoning or answer.',
        registry,
      }),
      interToken: new DurationHistogram({
        name: 'sluice_inter_token_seconds',
        help: 'Between two deliveries of a stream: the median of each stream.',
        registry,
        bucketsSeconds: INTER_TOKEN_BUCKETS_SECONDS,
      }),
    };
  }

  finished(exchange: AnsweredExchange): void {
    const { facts, usageLookup } = exchange;
    if (facts.usage !== null || usageLookup === null) {
      this.#count(exchange);
      return;
    }
    const count = (): void => {
      this.#count(exchange);
    };
    void usageLookup.then(count, count);
  }

  #count({ route, facts }: AnsweredExchange): void {
    if (route === null || !isSuccess(facts.status)) return;
    const model = this.#labels.labelOf(askedModelOf({ route, facts }));
    const tallies = this.#talliesOf(route.backend.name, model);
    if (facts.usage !== null) tallies.countTokens(tokensOf(facts.usage));
    if (!facts.stream) return;
    tallies.firstToken.observe(firstTokenMsOf(facts));
    tallies.interToken.observe(facts.gaps?.quantileMs(0.5) ?? null);
  }

  #talliesOf(backend: string, model: string): ModelTallies {
    // No backend's name has a line end in it.
    const key = `${backend}\n${model}`;
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const tallies = new ModelTallies({ backend, model }, this.#durations);
    this.#models.set(key, tallies);
    return tallies;
  }

  #registerTokens(registry: Registry): void {
    const models = this.#models;
    new Counter({
      name: 'sluice_tokens_total',
      help: 'Tokens as the backends reported them; reasoning is part of completion, cached of prompt.',
      labelNames: ['backend', 'model', 'kind'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, tokens } of models.values()) {
          for (const [kind, count] of Object.entries(tokens)) this.inc({ ...labels, kind }, count);
        }
      },
    });
  }
}
