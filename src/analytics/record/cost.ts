import { type PriceConfig } from '../../config/typed/analytics-config.js';
import { matchesGlob } from '../../config/typed/model-globs.js';
import { type TokenUsage } from '../../exchange/facts/token-usage.js';
import { type Endpoint } from '../../exchange/target/endpoint.js';

const TOKENS_PER_PRICE = 1_000_000;
/** A billionth of a dollar: what is beyond are errors of binary fractions. */
const DECIMALS = 1e9;

/** Endpoints whose answers have no tokens: what they cost their requests do. */
const WITHOUT_COMPLETION: ReadonlySet<Endpoint> = new Set<Endpoint>([
  'embeddings',
  'moderations',
  'rerank',
  'tokenize',
]);

/**
 * What an exchange cost in USD. Tokens read from a cache are part of those of the request and have
 * a price of their own.
 *
 * @returns null where the price, the tokens of the request, or those of the answer are unknown.
 */
export function costUsd(
  price: PriceConfig | null,
  tokens: TokenUsage,
  endpoint: Endpoint,
): number | null {
  const { promptTokens } = tokens;
  const completionTokens = tokens.completionTokens ?? (WITHOUT_COMPLETION.has(endpoint) ? 0 : null);
  if (price === null || promptTokens === null || completionTokens === null) return null;
  const cached = Math.min(tokens.cachedTokens ?? 0, promptTokens);
  const total =
    (promptTokens - cached) * price.input +
    cached * (price.cachedInput ?? price.input) +
    completionTokens * price.output;
  return Math.round((total / TOKENS_PER_PRICE) * DECIMALS) / DECIMALS;
}

/** Most models whose price is remembered; beyond, all are forgotten and matched anew. */
const MAX_KNOWN = 1024;

/**
 * Knows what a model costs. Of the globs that match its name, the one with the most characters
 * besides wildcards counts. Their order in the file does not: tools that write it may sort it.
 */
export class PriceTable {
  readonly #known = new Map<string, PriceConfig | null>();

  readonly #bySpecificity: readonly PriceConfig[];

  constructor(private readonly prices: readonly PriceConfig[]) {
    this.#bySpecificity = prices.toSorted((one, other) => specificity(other) - specificity(one));
  }

  /** Whether it is made of this very list. */
  isOf(prices: readonly PriceConfig[]): boolean {
    return this.prices === prices;
  }

  /**
   * @param model - the one the backend was asked for
   * @param requested - the one the client named, for want of a price of the other
   */
  priceOf(model: string | null, requested: string | null): PriceConfig | null {
    return this.#priceOf(model) ?? (requested === model ? null : this.#priceOf(requested));
  }

  #priceOf(model: string | null): PriceConfig | null {
    if (model === null || this.prices.length === 0) return null;
    const known = this.#known.get(model);
    if (known !== undefined) return known;
    if (this.#known.size === MAX_KNOWN) this.#known.clear();
    const price = this.#bySpecificity.find((priced) => matchesGlob(priced.model, model)) ?? null;
    this.#known.set(model, price);
    return price;
  }
}

function specificity({ model }: PriceConfig): number {
  return model.replace(/[*?]/g, '').length;
}
