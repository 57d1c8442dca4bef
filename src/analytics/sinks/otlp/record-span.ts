import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { type Resource } from '@opentelemetry/resources';
import { type ReadableSpan, type TimedEvent } from '@opentelemetry/sdk-trace';
import { type AttemptRecord, type ExchangeRecord } from '../../record/exchange-record.js';
import { traceOf } from '../../tracing/trace-context.js';
import { errorTypeOf, spanAttributes } from './record-attributes.js';

const MS_PER_SECOND = 1000;
const NS_PER_MS = 1_000_000;

/** The instrumentation scope of spans and metrics. */
export const SCOPE = 'sluice';

/**
 * The span of an exchange: that of a server, below the client's, with its attempts as events.
 *
 * @returns null when the client does not want its trace kept
 */
export function spanOf(record: ExchangeRecord, resource: Resource): ReadableSpan | null {
  const startedAtMs = Date.parse(record.started_at);
  const trace = traceOf({ id: record.id, startedAtMs, traceparent: record.traceparent });
  if (!trace.isSampled) return null;
  const { traceId, spanId, parentSpanId } = trace;
  const totalMs = record.total_ms ?? 0;
  const attributes = spanAttributes(record);
  const error = errorTypeOf(record);
  return {
    name: spanName(record, attributes['gen_ai.operation.name']),
    kind: SpanKind.SERVER,
    spanContext: () => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED }),
    ...(parentSpanId === null
      ? {}
      : {
          parentSpanContext: {
            traceId,
            spanId: parentSpanId,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          },
        }),
    startTime: hrTime(startedAtMs),
    endTime: hrTime(startedAtMs + totalMs),
    duration: hrTime(totalMs),
    status:
      error === null
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: error },
    attributes,
    links: [],
    events: attemptEvents(record.attempt_log, startedAtMs),
    ended: true,
    resource,
    instrumentationScope: { name: SCOPE },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** `{operation} {model}` by the conventions; `{method} {endpoint}` where no model is asked. */
function spanName(record: ExchangeRecord, operation: unknown): string {
  if (typeof operation !== 'string') return `${record.method} ${record.endpoint}`;
  const model = record.requested_model ?? record.model;
  return model === null ? operation : `${operation} ${model}`;
}

/** Each where it began, but for what passed between them: a record has how long each took. */
function attemptEvents(attempts: readonly AttemptRecord[], startedAtMs: number): TimedEvent[] {
  let ms = startedAtMs;
  return attempts.map((attempt) => {
    const time = hrTime(ms);
    ms += attempt.duration_ms ?? 0;
    return { name: 'sluice.attempt', time, attributes: attemptAttributes(attempt) };
  });
}

function attemptAttributes(attempt: AttemptRecord): Record<string, string | number> {
  const { backend, status, error_code, duration_ms } = attempt;
  return {
    'sluice.backend': backend,
    ...(status === null ? {} : { 'http.response.status_code': status }),
    ...(error_code === null ? {} : { 'error.type': error_code }),
    ...(duration_ms === null ? {} : { 'sluice.duration_ms': duration_ms }),
  };
}

/** Seconds and nanoseconds, of a time or a duration in milliseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / MS_PER_SECOND);
  return [seconds, Math.round((ms - seconds * MS_PER_SECOND) * NS_PER_MS)];
}
