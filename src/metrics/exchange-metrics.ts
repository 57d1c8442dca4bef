import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { endpointOf } from '../exchange/target/endpoint.js';
import { type CountedExchange } from './counted-exchange.js';
import { DurationHistogram } from './duration-histogram.js';
import { REGISTRY } from './registry.js';
import { RouteTallies, type DurationHistograms } from './route-tallies.js';

const ROUTE_LABELS = ['backend', 'endpoint'] as const;

/**
 * Counts exchanges when they end. Series are bounded by the configured backends, the known
 * endpoints, the registered statuses and the outcomes; no label comes from a client.
 */
@Injectable()
export class ExchangeMetrics {
  readonly #routes = new Map<string, RouteTallies>();
  readonly #histograms: DurationHistograms;
  readonly #aborts = { before_reply: 0, during_reply: 0 };

  constructor(@Inject(REGISTRY) private readonly registry: Registry) {
    this.#histograms = this.#registerDurations();
    this.#registerRequests();
    this.#registerSum('sluice_request_bytes_total', 'Bytes of request bodies.', 'requestBytes');
    this.#registerSum('sluice_reply_bytes_total', 'Bytes of reply bodies.', 'replyBytes');
    this.#registerSum('sluice_rewritten_total', 'Exchanges with reasoning rewritten.', 'rewritten');
    this.#registerAborts();
  }

  finished(exchange: CountedExchange): void {
    this.#routeOf(exchange).count(exchange);
    if (exchange.outcome === 'client_aborted') {
      this.#aborts[exchange.facts.firstByteMs === null ? 'before_reply' : 'during_reply'] += 1;
    }
  }

  #routeOf({ path, route }: CountedExchange): RouteTallies {
    const backend = route?.backend.name ?? 'none';
    const endpoint = endpointOf(path);
    const key = `${endpoint} ${backend}`;
    const known = this.#routes.get(key);
    if (known) return known;
    const tallies = new RouteTallies({ backend, endpoint }, this.#histograms);
    this.#routes.set(key, tallies);
    return tallies;
  }

  #registerDurations(): DurationHistograms {
    const { registry } = this;
    const histogram = (name: string, help: string): DurationHistogram =>
      new DurationHistogram({ name, help, registry });
    return {
      total: histogram('sluice_request_duration_seconds', 'From a request to its end.'),
      headers: histogram('sluice_headers_seconds', 'From a request to the head of its reply.'),
      firstByte: histogram('sluice_first_byte_seconds', 'From a request to its first reply byte.'),
    };
  }

  #registerRequests(): void {
    const routes = this.#routes;
    new Counter({
      name: 'sluice_requests_total',
      help: 'Exchanges that have ended.',
      labelNames: [...ROUTE_LABELS, 'status', 'outcome'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, requests } of routes.values()) {
          for (const { count, ...ending } of requests) this.inc({ ...labels, ...ending }, count);
        }
      },
    });
  }

  #registerSum(name: string, help: string, sum: 'requestBytes' | 'replyBytes' | 'rewritten'): void {
    const routes = this.#routes;
    new Counter({
      name,
      help,
      labelNames: ROUTE_LABELS,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const route of routes.values()) this.inc({ ...route.labels }, route[sum]);
      },
    });
  }

  #registerAborts(): void {
    const aborts = this.#aborts;
    new Counter({
      name: 'sluice_client_aborts_total',
      help: 'Clients that went away, by when they did.',
      labelNames: ['phase'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [phase, count] of Object.entries(aborts)) this.inc({ phase }, count);
      },
    });
  }
}
