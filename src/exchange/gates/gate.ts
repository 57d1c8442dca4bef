import { type ExchangeError } from '../exchange-error.js';
import { type Arrival } from './arrival.js';

/** Stands before every request, whatever it asks for, and may turn it away. */
export interface Gate {
  /** @returns what the client is told; null lets the request in */
  refusalOf(arrival: Arrival): ExchangeError | null;
}

/** Injects the gates in the order in which they are passed. */
export const EXCHANGE_GATES = Symbol('EXCHANGE_GATES');

/** The first refusal of the gates, null when all let the request in. */
export function firstRefusal(gates: readonly Gate[], arrival: Arrival): ExchangeError | null {
  for (const gate of gates) {
    const refusal = gate.refusalOf(arrival);
    if (refusal !== null) return refusal;
  }
  return null;
}
