import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { type Endpoint, endpointOf } from '../../exchange/endpoint.js';
import { onExchange } from '../../exchange/exchange.events.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type TokenUsage } from '../../exchange/token-usage.js';
import { type CompletionText, completionTextOf } from './completion-text.js';
import { promptTextOf, type PromptText } from './prompt-text.js';
import { TokenCounter } from './token-counter.js';

/** What is counted of an exchange: a reply where it is the model's words, and then the prompt. */
type Counted = 'prompt' | 'prompt-and-reply' | 'prompt-and-stream';

/** By endpoint; other JSON than a stream is, in the last two, not always what a model wrote. */
const COUNTED: ReadonlyMap<Endpoint, Counted> = new Map<Endpoint, Counted>([
  ['chat', 'prompt-and-reply'],
  ['completions', 'prompt-and-reply'],
  ['embeddings', 'prompt'],
  ['messages', 'prompt-and-stream'],
  ['responses', 'prompt-and-stream'],
]);

/** Counts the tokens of ended exchanges whose backend did not tell them. */
@Injectable()
export class UsageEstimator implements OnModuleInit {
  readonly #estimates = new WeakMap<Exchange, Promise<TokenUsage | null>>();

  constructor(
    private readonly events: EventEmitter2,
    private readonly counter: TokenCounter,
  ) {}

  onModuleInit(): void {
    // A sample takes of a bounded store: it goes back whether or not anyone asks for an estimate.
    onExchange(this.events, 'exchange.finished', (exchange) => {
      if (exchange.sample !== null) void this.estimate(exchange);
    });
  }

  /**
   * Estimates what an ended exchange used, once; with OpenAI's vocabulary, whatever the model.
   *
   * @returns null where the usage was reported after all, there was no successful reply of text, or
   *   too much is waiting to be counted. Never rejects.
   */
  estimate(exchange: Exchange): Promise<TokenUsage | null> {
    const known = this.#estimates.get(exchange);
    if (known !== undefined) return known;
    const estimate = this.#estimated(exchange).catch(() => null);
    this.#estimates.set(exchange, estimate);
    return estimate;
  }

  async #estimated(exchange: Exchange): Promise<TokenUsage | null> {
    if (exchange.usageLookup !== null) await exchange.usageLookup;
    const texts = await this.#textsOf(exchange).finally(() => {
      // What matters of it was copied.
      exchange.sample?.release();
      exchange.sample = null;
    });
    if (texts === null) return null;
    const { prompt, completion } = texts;
    const counts = await this.counter.count([
      prompt?.text ?? '',
      completion?.answer ?? '',
      completion?.reasoning ?? '',
    ]);
    if (counts === null) return null;
    const [promptTokens = 0, answerTokens = 0, reasoningTokens = 0] = counts;
    return {
      promptTokens: prompt && Math.round(promptTokens * prompt.factor) + prompt.frameTokens,
      completionTokens:
        completion && Math.round((answerTokens + reasoningTokens) * completion.factor),
      reasoningTokens:
        completion === null || completion.reasoning === ''
          ? null
          : Math.round(reasoningTokens * completion.factor),
      cachedTokens: null,
    };
  }

  async #textsOf(exchange: Exchange): Promise<Texts | null> {
    const { facts, sample, path } = exchange;
    const counted = COUNTED.get(endpointOf(path));
    if (facts.usage !== null || counted === undefined || !this.counter.hasRoom) return null;
    if (counted === 'prompt-and-stream' && sample === null) return null;
    if (facts.status === null || facts.status < 200 || facts.status > 299) return null;
    const prompt = await promptOf(exchange).catch(() => null);
    const completion = counted === 'prompt' || sample === null ? null : completionTextOf(sample);
    return prompt === null && completion === null ? null : { prompt, completion };
  }
}

interface Texts {
  readonly prompt: PromptText | null;
  readonly completion: CompletionText | null;
}

/** Null for a request that streamed through, or is no JSON. */
async function promptOf({ body }: Exchange): Promise<PromptText | null> {
  // Read as JSON before, so that this parses nothing.
  return body.buffered === null ? null : promptTextOf(await body.json());
}
