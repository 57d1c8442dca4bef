import { Injectable } from '@nestjs/common';
import { type CaptureConfig } from '../../config/sluice-config.js';
import { type Exchange } from '../../exchange/exchange.js';
import { BodyCapture, type CapturedBodies } from './body-capture.js';

/** Knows of which exchanges the bodies are kept. */
@Injectable()
export class Captures {
  // Bounded by the exchanges that run: what has ended is forgotten with its exchange.
  readonly #captures = new WeakMap<Exchange, BodyCapture>();

  /** Begins to collect where the configuration asks for it; null where it does not. */
  begin(exchange: Exchange, config: CaptureConfig): BodyCapture | null {
    if (!isWanted(config)) return null;
    const capture = new BodyCapture(exchange, config);
    this.#captures.set(exchange, capture);
    return capture;
  }

  /** What was kept of an exchange that is over. */
  of(exchange: Exchange): CapturedBodies | null {
    return this.#captures.get(exchange)?.bodies() ?? null;
  }
}

function isWanted({ mode, rate }: CaptureConfig): boolean {
  switch (mode) {
    case 'off':
      return false;
    case 'sample':
      return Math.random() < rate;
    case 'failures':
    case 'all':
      return true;
    default: {
      const unknown: never = mode;
      return unknown;
    }
  }
}
