import { Exchange } from '../../../src/exchange/exchange.js';
import { type RequestBody } from '../../../src/exchange/request/request-body.js';
import { type RequestHead } from '../../../src/exchange/request/request-head.js';
import { Clock } from '../../../src/exchange/timing/clock.js';

/** Tells one millisecond more each time. */
class CountingClock extends Clock {
  #nowMs = 0;

  override monotonicMs(): number {
    return this.#nowMs++;
  }
}

/** An exchange whose reply a witness sees. */
export function witnessedExchange(): Exchange {
  const head = {} as unknown as RequestHead;
  const body = {} as unknown as RequestBody;
  return new Exchange('x', head, body, new CountingClock());
}
