import { Injectable } from '@nestjs/common';
import { type CaptureConfig } from '../../config/typed/analytics-config.js';
import { type SettingsConfig } from '../../config/typed/settings-config.js';
import { type Exchange } from '../../exchange/exchange.js';
import { BodyCapture, type CapturedBodies } from './body-capture.js';

/** For whom the bodies of an exchange are collected. */
interface Begun {
  readonly capture: BodyCapture;
  readonly isLogged: boolean;
  /** `failures`: the record has them if the exchange fails. */
  readonly record: 'never' | 'failures' | 'always';
}

const FIRST_FAILING_STATUS = 400;

/** Knows of which exchanges the bodies are kept. */
@Injectable()
export class Captures {
  // Bounded by the exchanges that run: what has ended is forgotten with its exchange.
  readonly #begun = new WeakMap<Exchange, Begun>();

  /** Begins to collect where the configuration asks for it; null where it does not. */
  begin(exchange: Exchange, { analytics, log }: SettingsConfig): BodyCapture | null {
    const record = analytics.isEnabled ? recordOf(analytics.capture) : 'never';
    if (record === 'never' && !log.hasBodies) return null;
    const capture = new BodyCapture(exchange, analytics.capture);
    this.#begun.set(exchange, { capture, isLogged: log.hasBodies, record });
    return capture;
  }

  /** What the record of an exchange that is over has of its bodies. */
  of(exchange: Exchange): CapturedBodies | null {
    const begun = this.#begun.get(exchange);
    if (begun === undefined || begun.record === 'never') return null;
    return begun.record === 'always' || hasFailed(exchange) ? begun.capture.bodies() : null;
  }

  /** What the log has of them. */
  logged(exchange: Exchange): CapturedBodies | null {
    const begun = this.#begun.get(exchange);
    return begun?.isLogged === true ? begun.capture.bodies() : null;
  }
}

function recordOf({ mode, rate }: CaptureConfig): Begun['record'] {
  switch (mode) {
    case 'off':
      return 'never';
    case 'sample':
      return Math.random() < rate ? 'always' : 'never';
    case 'failures':
      return 'failures';
    case 'all':
      return 'always';
    default: {
      const exhaustiveCheck: never = mode;
      return exhaustiveCheck;
    }
  }
}

function hasFailed({ outcome, facts }: Exchange): boolean {
  return outcome !== 'completed' || (facts.status ?? 0) >= FIRST_FAILING_STATUS;
}
