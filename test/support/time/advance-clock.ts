import { Clock } from '../../../src/exchange/timing/clock.js';
import { type Gateway } from '../gateway/gateway.js';

/** Lets time that only decisions look at pass at once; timers and sockets do not notice. */
export function advanceClock(gateway: Gateway, byMs: number): void {
  const clock = gateway.app.get(Clock, { strict: false });
  const before = clock.monotonicMs.bind(clock);
  clock.monotonicMs = () => before() + byMs;
}
