import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { type AnalyticsConfig, type CaptureConfig } from '../config/typed/analytics-config.js';
import { afterPromise } from '../exchange/after-promise.js';
import { exchangeOf } from '../exchange/exchange-context.js';
import { type Exchange } from '../exchange/exchange.js';
import { withoutHeaders } from '../exchange/header-fields.js';
import { isJsonType } from '../exchange/media-type.js';
import { type Reply } from '../exchange/reply/reply.js';
import { askForPlainBytes } from '../exchange/request/plain-bytes.js';
import { Captures } from './capture/captures.js';
import { traceOf, traceparentOf } from './tracing/trace-context.js';

const TRACEPARENT: ReadonlySet<string> = new Set(['traceparent']);

/** W3C Trace Context §4.2, §4.3: where a trace begins anew, what was said of another one goes. */
const TRACE: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/**
 * Continues traces and taps bodies, where the configuration asks for it; else it costs an exchange
 * nothing. All that is counted comes from the exchange itself, when it is over.
 */
@Injectable()
export class AnalyticsInterceptor implements NestInterceptor<Reply, Reply> {
  constructor(
    private readonly config: ConfigStore,
    private readonly captures: Captures,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const { settings } = this.config.current;
    const { analytics } = settings;
    if (!analytics.isEnabled && !settings.log.hasBodies) return next.handle();
    const exchange = exchangeOf(context);
    if (isTraced(analytics)) continueTrace(exchange);
    const capture = this.captures.begin(exchange, settings);
    if (capture === null) return next.handle();
    // Of a compressed reply only a note of its size would be kept.
    exchange.edits.push(askForPlainBytes);
    return repliesTo(exchange, analytics.capture, next).pipe(map((reply) => capture.tapped(reply)));
  }
}

function repliesTo(
  exchange: Exchange,
  { maxBytes }: CaptureConfig,
  next: CallHandler<Reply>,
): Observable<Reply> {
  if (!mustBeReadFirst(exchange, maxBytes)) return next.handle();
  exchange.phase = 'reading';
  return afterPromise(exchange.body.read(), () => next.handle());
}

function isTraced({ isEnabled, sinks }: AnalyticsConfig): boolean {
  return isEnabled && sinks.some(({ kind }) => kind === 'otlp');
}

/** The backend's spans are to stand below the exchange's own. */
function continueTrace(exchange: Exchange): void {
  const { id, startedAtMs } = exchange;
  const trace = traceOf({ id, startedAtMs, traceparent: exchange.header('traceparent') });
  const replaced = trace.parentSpanId === null ? TRACE : TRACEPARENT;
  exchange.edits.push((request) => {
    const others = withoutHeaders(request.headers, replaced);
    request.headers = [...others, 'traceparent', traceparentOf(trace)];
  });
}

/** Whether a request that would stream through is to be kept: JSON of a size that is known. */
function mustBeReadFirst(exchange: Exchange, maxBytes: number): boolean {
  return exchange.body.isAnnouncedWithin(maxBytes) && isJsonType(exchange.header('content-type'));
}
