import { type ConfigStore } from '../../config/config-store.js';
import { endpointOf } from '../../exchange/target/endpoint.js';
import { clientKeyOf } from './client-key.js';
import { costUsd, PriceTable } from './cost.js';
import { type ExchangeRecord } from './exchange-record.js';
import { type Fingerprints } from './fingerprints.js';
import { type RecordIds } from './record-ids.js';
import { type RecordedExchange, type RecordedUsage, recordOf } from './record-of.js';
import { tenantOf } from './tenant.js';
import { Timestamps } from './timestamps.js';

/** The bodies of an exchange, as far as they were captured. */
export interface RecordedBodies {
  readonly request: string | null;
  readonly reply: string | null;
}

const NO_BODIES: RecordedBodies = { request: null, reply: null };

/**
 * Makes records by the configuration in force. It runs on the main thread once for each exchange:
 * what one record shares with the next (a key's fingerprint, a model's price, the second it began
 * in) is remembered, within bounds.
 */
export class RecordBuilder {
  readonly #timestamps = new Timestamps();
  #prices = new PriceTable([]);

  constructor(
    private readonly config: ConfigStore,
    private readonly ids: RecordIds,
    private readonly fingerprints: Fingerprints,
  ) {}

  build(
    exchange: RecordedExchange,
    { tokens, source }: RecordedUsage,
    bodies: RecordedBodies | null,
  ): ExchangeRecord {
    const { tenant, prices } = this.config.current.settings.analytics;
    if (!this.#prices.isOf(prices)) this.#prices = new PriceTable(prices);
    const key = clientKeyOf(exchange);
    const fingerprint = key === null ? null : this.fingerprints.of(key);
    const model = exchange.route?.model ?? null;
    const price = this.#prices.priceOf(model, exchange.facts.requestedModel);
    return recordOf(exchange, {
      recordId: this.ids.next(),
      startedAt: this.#timestamps.iso(exchange.startedAtMs),
      tenant: tenantOf(exchange, fingerprint, tenant),
      fingerprint,
      tokens,
      source,
      costUsd: costUsd(price, tokens, endpointOf(exchange.path)),
      ...(bodies ?? NO_BODIES),
    });
  }
}
