import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the delay is sampled, and how long a look back is. */
const SAMPLE_MS = 10;
const LOOK_BACK_MS = 1000;

/**
 * A mean above it lasts: one long task in a second hardly moves it, whereas each of many chunks that
 * waits so long is a stream that stutters.
 */
const MAX_MEAN_DELAY_MS = 200;

const NANOSECONDS_PER_MS = 1e6;

/** How late this process is with what it has to do. */
@Injectable()
export class EventLoopDelay implements OnApplicationBootstrap, OnApplicationShutdown {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #meanMs = 0;

  /** The mean of the last second, in milliseconds. */
  get meanMs(): number {
    return this.#meanMs;
  }

  /** Whether more work would make all of it late. */
  get isLate(): boolean {
    return this.#meanMs > MAX_MEAN_DELAY_MS;
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
    // The samples hold the time between two of them: what is above it was waited.
    const meanMs = histogram.count === 0 ? 0 : histogram.mean / NANOSECONDS_PER_MS - SAMPLE_MS;
    this.#meanMs = Math.max(0, meanMs);
    histogram.reset();
  };
}
