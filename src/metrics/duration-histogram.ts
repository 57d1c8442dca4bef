import { Histogram, type Registry } from 'prom-client';

/** From a cached answer in milliseconds to a long thought: upper bounds in seconds. */
const BUCKETS_SECONDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];

type HistogramSnapshot = Awaited<ReturnType<Histogram['get']>>;
type HistogramValue = HistogramSnapshot['values'][number];

type Labels = Readonly<Record<string, string>>;

/** Upper bounds, in both units. */
interface Buckets {
  readonly seconds: readonly number[];
  readonly ms: readonly number[];
}

/** The durations seen under one set of labels. */
export class DurationSeries {
  /** How many fell into each bucket, and not into a lower one; the last is for all beyond. */
  readonly #counts: Float64Array;
  #sumMs = 0;

  constructor(
    private readonly labels: Labels,
    private readonly buckets: Buckets,
  ) {
    this.#counts = new Float64Array(buckets.ms.length + 1);
  }

  /** Counts one duration in milliseconds; null was not measured and counts nothing. */
  observe(durationMs: number | null): void {
    if (durationMs === null) return;
    let bucket = 0;
    for (const boundMs of this.buckets.ms) {
      if (durationMs <= boundMs) break;
      bucket += 1;
    }
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumMs += durationMs;
  }

  /** The lines of the exposition format: cumulative buckets in seconds, sum and count. */
  valuesFor(name: string): HistogramValue[] {
    let count = 0;
    const buckets = Array.from(this.#counts, (inBucket, bucket) => {
      count += inBucket;
      const labels = { ...this.labels, le: this.buckets.seconds[bucket] ?? '+Inf' };
      return { metricName: `${name}_bucket`, labels, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.labels, value: this.#sumMs / 1000 },
      { metricName: `${name}_count`, labels: this.labels, value: count },
    ];
  }
}

/** What Prometheus is told of the metric. */
export interface DurationHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly registry: Registry;
  /** Upper bounds, ascending; by default 5 ms to 10 minutes. */
  readonly bucketsSeconds?: readonly number[];
}

/**
 * A histogram of durations whose series are held by whoever observes. prom-client looks a series
 * up by its labels for each observation, 0.6 to 1 µs each time; this one costs about 20 ns.
 */
export class DurationHistogram extends Histogram {
  readonly #name: string;
  readonly #buckets: Buckets;
  /** Stays empty: it lends its name, help and type to what is written. */
  readonly #heading: Histogram;
  readonly #series: DurationSeries[] = [];

  constructor({
    name,
    help,
    registry,
    bucketsSeconds = BUCKETS_SECONDS,
  }: DurationHistogramOptions) {
    super({ name, help, registers: [registry] });
    this.#name = name;
    this.#buckets = { seconds: bucketsSeconds, ms: bucketsSeconds.map((each) => each * 1000) };
    this.#heading = new Histogram({ name, help, registers: [] });
  }

  /** Adds the series of these labels. Call it once for each set, and only for bounded sets. */
  addSeries(labels: Labels): DurationSeries {
    const series = new DurationSeries(labels, this.#buckets);
    this.#series.push(series);
    return series;
  }

  override async get(): Promise<HistogramSnapshot> {
    const values = this.#series.flatMap((series) => series.valuesFor(this.#name));
    return { ...(await this.#heading.get()), values };
  }

  /** What a prom-client registry asks for in place of `get` when it writes text. */
  getForPromString(): Promise<HistogramSnapshot> {
    return this.get();
  }
}
