import { type EventEmitter2 } from '@nestjs/event-emitter';
import { type ConfigStore } from '../../config/config-store.js';
import { onExchange } from '../../exchange/exchange.events.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type TokenUsage } from '../../exchange/facts/token-usage.js';
import { tellingUsage, tellsCompletion, tokensOf } from '../../exchange/facts/tokens-of.js';
import { isSuccess } from '../../exchange/reply/status.js';
import { isOwnTarget } from '../../exchange/target/own-paths.js';
import { type ExchangeRecord } from './exchange-record.js';
import { type RecordBuilder, type RecordedBodies } from './record-builder.js';
import { type RecordedUsage } from './record-of.js';

/** Where records go. */
export interface RecordTarget {
  /** Never throws and never waits. */
  add(record: ExchangeRecord): void;
}

/** Counts the tokens of exchanges whose backend did not. */
export interface TokenEstimates {
  /** Whether {@link estimate} may tell anything; a record need not wait where it may not. */
  mayTell(exchange: Exchange): boolean;
  /** Null where it cannot tell, or has too much to do. */
  estimate(exchange: Exchange): Promise<TokenUsage | null>;
}

/** What records are made of, and where they go. */
export interface RecorderParts {
  readonly config: ConfigStore;
  readonly builder: RecordBuilder;
  readonly queue: RecordTarget;
  readonly estimates: TokenEstimates;
  /** What was captured of an exchange; null where nothing was. */
  readonly bodiesOf: (exchange: Exchange) => RecordedBodies | null;
  /** Told of a mistake of ours. */
  readonly onFault: (error: unknown) => void;
}

/** Most exchanges that wait for an estimate; the records of others go without. */
const MAX_PENDING = 1024;
/** Longest wait for an estimate; the record goes without. */
const ESTIMATE_LIMIT_MS = 10_000;

const NO_TOKENS: RecordedUsage = {
  tokens: { promptTokens: null, completionTokens: null, reasoningTokens: null, cachedTokens: null },
  source: 'none',
};

/**
 * Makes one record of every exchange when it has ended: at once where the backend reported its
 * usage or there is none, else when its tokens, or those of its reply, were estimated.
 */
export class Recorder {
  readonly #pending = new Set<Promise<void>>();

  constructor(private readonly parts: RecorderParts) {}

  /** Records every exchange that ends from now on. */
  listen(events: EventEmitter2): void {
    onExchange(events, 'exchange.finished', (exchange) => {
      this.#finished(exchange);
    });
  }

  /** Resolves when every exchange that has ended by now has its record; within ten seconds. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #finished(exchange: Exchange): void {
    if (!this.parts.config.current.settings.analytics.isEnabled) return;
    // A refused question to the read API is no use of a model, and would change the very sums it asks for.
    if (isOwnTarget(exchange.path)) return;
    if (isTold(exchange) || !this.#mayBeTold(exchange)) {
      this.#record(exchange, reportedOf(exchange) ?? NO_TOKENS);
    } else {
      this.#recordLater(exchange);
    }
  }

  #mayBeTold(exchange: Exchange): boolean {
    const isRoomLeft = this.#pending.size < MAX_PENDING;
    return isRoomLeft && mayHaveTokens(exchange) && this.parts.estimates.mayTell(exchange);
  }

  #recordLater(exchange: Exchange): void {
    const recorded = this.#usageOf(exchange)
      .then((usage) => {
        this.#record(exchange, usage);
      })
      .catch(this.parts.onFault)
      .finally(() => {
        this.#pending.delete(recorded);
      });
    this.#pending.add(recorded);
  }

  async #usageOf(exchange: Exchange): Promise<RecordedUsage> {
    const limit = timeLimit(ESTIMATE_LIMIT_MS);
    try {
      const estimated = await Promise.race([this.#estimated(exchange), limit.reached]);
      if (estimated !== null) return estimated;
    } catch (error) {
      this.parts.onFault(error);
    } finally {
      limit.cancel();
    }
    return reportedOf(exchange) ?? NO_TOKENS;
  }

  /** Null where the backend told it after all, and where nobody can. */
  async #estimated(exchange: Exchange): Promise<RecordedUsage | null> {
    if (exchange.usageLookup !== null) {
      // A compressed reply is decoded after its end.
      await exchange.usageLookup;
      if (reportedOf(exchange) !== null) return null;
    }
    const tokens = await this.parts.estimates.estimate(exchange);
    return tokens === null ? null : { tokens, source: 'estimated' };
  }

  #record(exchange: Exchange, usage: RecordedUsage): void {
    const { builder, queue, bodiesOf } = this.parts;
    queue.add(builder.build(exchange, usage, bodiesOf(exchange)));
  }
}

function reportedOf({ facts }: Exchange): RecordedUsage | null {
  const usage = tellingUsage(facts.usage);
  return usage === null ? null : { tokens: tokensOf(usage), source: 'reported' };
}

/** Whether the backend told all that can be known: a reply that it did not count has a sample. */
function isTold({ facts, sample }: Exchange): boolean {
  const usage = tellingUsage(facts.usage);
  return usage !== null && (sample === null || tellsCompletion(usage));
}

/** Whether a backend gave an answer that costs tokens. */
function mayHaveTokens({ route, facts: { status } }: Exchange): boolean {
  return route !== null && isSuccess(status);
}

function timeLimit(ms: number): {
  readonly reached: Promise<null>;
  readonly cancel: () => void;
} {
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, ms, null);
  return {
    reached: promise,
    cancel: () => {
      clearTimeout(timer);
    },
  };
}
