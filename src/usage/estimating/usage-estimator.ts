import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { onExchange } from '../../exchange/exchange.events.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type TokenUsage } from '../../exchange/facts/token-usage.js';
import { tellingUsage, tellsCompletion, tokensOf } from '../../exchange/facts/tokens-of.js';
import { isSuccess } from '../../exchange/reply/status.js';
import { type Endpoint, endpointOf } from '../../exchange/target/endpoint.js';
import { type CountJob, type PromptSource, textSource, type TokenCounts } from './count-job.js';
import { MAX_REQUEST_BYTES } from './process/count-frame.js';
import { promptTextOf } from './prompt-text.js';
import { TokenCounter } from './token-counter.js';

/** What is counted of an exchange: a reply where it is the model's words, and then the prompt. */
type Counted = 'prompt' | 'prompt-and-reply' | 'prompt-and-stream';

/** By endpoint. Of the last two only streams are counted: their JSON need not be a model's words. */
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
      if (exchange.sample === null) return;
      if (this.mayTell(exchange)) void this.estimate(exchange);
      else letGo(exchange);
    });
  }

  /**
   * Estimates what an ended exchange used, once; with OpenAI's vocabulary, whatever the model. Of
   * one whose backend told the prompt alone only the reply is counted.
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

  /** Whether an estimate is on its way or may be had; where not, nobody need wait to be told so. */
  mayTell(exchange: Exchange): boolean {
    return this.#estimates.has(exchange) || exchange.usageLookup !== null || this.counter.hasRoom;
  }

  async #estimated(exchange: Exchange): Promise<TokenUsage | null> {
    if (exchange.usageLookup !== null) await exchange.usageLookup;
    const handedOver = await this.#handOver(exchange);
    const counts = await handedOver?.counts;
    if (counts === undefined || counts === null) return null;
    const { prompt, completion, reasoning } = counts;
    if (prompt === null && completion === null) return null;
    const reported = tokensOf(exchange.facts.usage ?? {});
    return {
      promptTokens: reported.promptTokens ?? prompt,
      completionTokens: completion,
      reasoningTokens: reasoning,
      cachedTokens: reported.cachedTokens,
    };
  }

  async #handOver(exchange: Exchange): Promise<HandedOver | null> {
    try {
      const job = await this.#jobOf(exchange);
      return job && { counts: this.counter.count(job) };
    } finally {
      // What is counted of it was copied.
      letGo(exchange);
    }
  }

  /** Null where nothing is to be counted. */
  async #jobOf(exchange: Exchange): Promise<CountJob | null> {
    const { facts, sample, path } = exchange;
    const counted = COUNTED.get(endpointOf(path));
    const usage = tellingUsage(facts.usage);
    if (tellsCompletion(usage) || counted === undefined || !this.counter.hasRoom) return null;
    const isReplyNeeded = usage !== null || counted === 'prompt-and-stream';
    if (isReplyNeeded && sample === null) return null;
    if (!isSuccess(facts.status)) return null;
    const prompt = usage === null ? await promptOf(exchange).catch(() => null) : null;
    const reply = counted === 'prompt' ? null : sample;
    return prompt === null && reply === null ? null : { prompt, reply };
  }
}

function letGo(exchange: Exchange): void {
  exchange.sample?.release();
  exchange.sample = null;
}

/** In an object, so that whoever waits for the handing over does not wait for the counts. */
interface HandedOver {
  readonly counts: Promise<TokenCounts | null>;
}

/** Null for a request that streamed through, or is too large and no JSON. */
async function promptOf({ body }: Exchange): Promise<PromptSource | null> {
  const bytes = body.buffered;
  if (bytes === null) return null;
  if (bytes.length <= MAX_REQUEST_BYTES) return { is: 'request', bytes };
  // Read as JSON before, so that this parses nothing.
  return textSource(promptTextOf(await body.json()));
}
