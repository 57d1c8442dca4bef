import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the delay is sampled, and over how long its mean is taken. */
const SAMPLE_MS = 10;
const LOOK_BACK_MS = 1000;

/** Above it streams stutter, since each of their many chunks waits as long. */
const MAX_MEAN_DELAY_MS = 200;

/**
 * So many looks in a row must find it above that. A single long task can move the mean of the second
 * in which it runs, for it leaves few other samples there; it cannot move that of the next.
 */
const LATE_LOOKS = 2;

const NANOSECONDS_PER_MS = 1e6;

/** Tells a delay that lasts from that of a single long task. */
export class LatenessWatch {
  /** Looks in a row that found it above the limit. */
  #lateLooks = 0;

  /**
   * @param meanMs - delay of the event loop since the look before, in milliseconds.
   * @returns whether it was above 200 ms in this look and in the one before
   */
  isLateAfter(meanMs: number): boolean {
    this.#lateLooks = meanMs > MAX_MEAN_DELAY_MS ? Math.min(this.#lateLooks + 1, LATE_LOOKS) : 0;
    return this.#lateLooks === LATE_LOOKS;
  }
}

/** How late this process is with what it has to do. */
@Injectable()
export class EventLoopDelay implements OnApplicationBootstrap, OnApplicationShutdown {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #watch = new LatenessWatch();
  #meanMs = 0;
  #isLate = false;

  /** The mean of the last second, in milliseconds. */
  get meanMs(): number {
    return this.#meanMs;
  }

  /** Whether more work would make all of it late: two looks in a row have found it so. */
  get isLate(): boolean {
    return this.#isLate;
  }

  onApplicationBootstrap(): void {
    this.#histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS });
    this.#histogram.enable();
    this.#timer = setInterval(this.#look, LOOK_BACK_MS).unref();
  }

  onApplicationShutdown(): void {
    this.#histogram?.disable();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  readonly #look = (): void => {
    const histogram = this.#histogram;
    if (histogram === null) return;
    // A sample is the time from one tick of the sampler to the next: what exceeds its interval is delay.
    const meanMs = histogram.count === 0 ? 0 : histogram.mean / NANOSECONDS_PER_MS - SAMPLE_MS;
    this.#meanMs = Math.max(0, meanMs);
    this.#isLate = this.#watch.isLateAfter(this.#meanMs);
    histogram.reset();
  };
}
