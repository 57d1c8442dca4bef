import { type Outcome } from '../exchange/facts/exchange-facts.js';
import { type Endpoint } from '../exchange/target/endpoint.js';
import { type CountedExchange } from './counted-exchange.js';
import { type DurationHistogram, type DurationSeries } from './duration-histogram.js';
import { statusLabel } from './status-label.js';

/** The histograms that every route adds its series to. */
export interface DurationHistograms {
  readonly total: DurationHistogram;
  readonly headers: DurationHistogram;
  readonly firstByte: DurationHistogram;
}

/** The labels of a route: from an endpoint to a backend. */
export interface RouteLabels {
  /** `none` where no backend was chosen. */
  readonly backend: string;
  readonly endpoint: Endpoint;
}

/** How many exchanges of a route ended with this status and outcome. */
export interface RequestTally {
  readonly status: string;
  readonly outcome: Outcome | 'none';
  count: number;
}

/**
 * What is counted of the exchanges of one endpoint with one backend: plain numbers that
 * prom-client reads when it is asked for them, since looking a counter up by its labels for each
 * exchange costs ten times as much.
 */
export class RouteTallies {
  requestBytes = 0;
  replyBytes = 0;
  rewritten = 0;
  readonly #requests = new Map<string, RequestTally>();
  readonly #total: DurationSeries;
  readonly #headers: DurationSeries;
  readonly #firstByte: DurationSeries;

  constructor(
    readonly labels: RouteLabels,
    histograms: DurationHistograms,
  ) {
    const series = { ...labels };
    this.#total = histograms.total.addSeries(series);
    this.#headers = histograms.headers.addSeries(series);
    this.#firstByte = histograms.firstByte.addSeries(series);
  }

  /** At most one for each registered status and outcome. */
  get requests(): Iterable<RequestTally> {
    return this.#requests.values();
  }

  count({ facts, outcome }: CountedExchange): void {
    this.#tallyOf(statusLabel(facts.status), outcome ?? 'none').count += 1;
    this.requestBytes += facts.bytesIn;
    this.replyBytes += facts.bytesOut;
    if (facts.rewritten) this.rewritten += 1;
    this.#total.observe(facts.totalMs);
    this.#headers.observe(facts.headersMs);
    this.#firstByte.observe(facts.firstByteMs);
  }

  #tallyOf(status: string, outcome: Outcome | 'none'): RequestTally {
    const key = `${status} ${outcome}`;
    const known = this.#requests.get(key);
    if (known) return known;
    const tally = { status, outcome, count: 0 };
    this.#requests.set(key, tally);
    return tally;
  }
}
