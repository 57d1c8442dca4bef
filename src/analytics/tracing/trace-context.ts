import { hash } from 'node:crypto';
import { readTraceparent } from './traceparent.js';

/** Where an exchange stands in a trace. Ids in hexadecimal digits. */
export interface TraceContext {
  /** 32 digits. */
  readonly traceId: string;
  /** Of the exchange's own span: 16 digits. */
  readonly spanId: string;
  /** Of the client's; null where the trace begins here. */
  readonly parentSpanId: string | null;
  /** Whether the client wants the trace to be kept; where the trace begins here it is. */
  readonly isSampled: boolean;
}

/** What identifies an exchange, and what its client said of its trace. */
export interface TracedExchange {
  readonly id: string;
  readonly startedAtMs: number;
  /** The value of the client's `traceparent` field. */
  readonly traceparent: string | null;
}

/** W3C Trace Context §3.2.2.5. */
const SAMPLED = 0x01;

/**
 * The trace of an exchange: the client's, continued, or one that begins here. The ids follow from
 * the exchange alone, so that it has the same span however often, and by whom, it is exported.
 */
export function traceOf({ id, startedAtMs, traceparent }: TracedExchange): TraceContext {
  const own = hash('sha256', `${id}\n${String(startedAtMs)}`);
  const spanId = own.slice(32, 48);
  const [, traceId, parentSpanId, flags] = readTraceparent(traceparent)?.split('-') ?? [];
  if (traceId === undefined || parentSpanId === undefined || flags === undefined) {
    return { traceId: own.slice(0, 32), spanId, parentSpanId: null, isSampled: true };
  }
  const isSampled = (parseInt(flags, 16) & SAMPLED) === SAMPLED;
  return { traceId, spanId, parentSpanId, isSampled };
}

/** The field that a backend gets, by which its spans stand below the exchange's. */
export function traceparentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
