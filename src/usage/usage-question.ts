import { type CallHandler } from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { type Exchange } from '../exchange/exchange.js';
import { OF_THE_BYTES, withoutHeaders } from '../exchange/header-fields.js';
import { askForPlainBytes } from '../exchange/request/plain-bytes.js';
import { replaced } from '../exchange/reply/replaced-reply.js';
import { codingOf, headerValue, isEventStream } from '../exchange/reply/reply-head.js';
import { type Reply } from '../exchange/reply/reply.js';
import { type OutgoingRequest } from '../exchange/request/request-edit.js';
import { type Route } from '../exchange/route.js';
import { withWholeBody } from '../exchange/reply/whole-body.js';
import { asksForStream, withUsageAsked } from './ask-for-usage.js';
import { decidesStream } from './stream-parameters.js';
import { type UsageRefusals } from './usage-refusals.js';
import { isSuccess } from '../exchange/reply/status.js';
import { UsageWithholder } from './usage-withholder.js';

/** A longer error is passed on unread. */
const MAX_REFUSAL_BYTES = 65_536;
const REFUSAL = /stream_options|include_usage/;

export interface UsageQuestionParts {
  readonly exchange: Exchange;
  readonly refusals: UsageRefusals;
  /** Carries the exchange to a backend; once more, where its first answer was a refusal. */
  readonly next: CallHandler<Reply>;
}

/** Asks a backend what a stream uses where its client did not, and keeps the answer from the client. */
export class UsageQuestion {
  /** Whether the latest attempt asked for the usage although the client did not. */
  #hasAsked = false;
  /** The backend that refused the question; no other is asked it in this exchange. */
  #refusedBy: string | null = null;

  constructor(private readonly parts: UsageQuestionParts) {
    parts.exchange.edits.push(this.#ask);
  }

  replies(): Observable<Reply> {
    return replaced(this.parts.next.handle(), this.#answered);
  }

  readonly #ask = (request: OutgoingRequest, { backend, change }: Route): void => {
    this.#hasAsked = false;
    const { exchange, refusals } = this.parts;
    // Only then can the request that is sent differ from the client's in asking for a stream.
    const isUncertain =
      exchange.body.announcedBytes === null || (change !== null && decidesStream(change.params));
    if (!exchange.facts.stream && !isUncertain) return;
    if (this.#refusedBy !== null || refusals.has(backend.name)) return;
    const { bodyText } = request;
    if (bodyText === null || (isUncertain && !asksForStream(bodyText))) return;
    const asking = withUsageAsked(bodyText);
    if (asking === null) return;
    request.bodyText = asking;
    askForPlainBytes(request);
    this.#hasAsked = true;
  };

  readonly #answered = (reply: Reply): Reply | Observable<Reply> => {
    const { status, route } = reply;
    if (this.#hasAsked && (status === 400 || status === 422)) return this.#unlessRefused(reply);
    if (!isSuccess(status)) return reply;
    // Only now it is sure that the question was refused, and not the rest of the request.
    if (route !== null && route.backend.name === this.#refusedBy) {
      this.parts.refusals.note(this.#refusedBy);
    }
    return this.#hasAsked ? this.#withheld(reply) : reply;
  };

  #withheld(reply: Reply): Reply {
    const { status, headers, body, route } = reply;
    const isPlain = codingOf(headerValue(headers, 'content-encoding')) === null;
    if (!isPlain || !isEventStream(headers)) return reply;
    const { exchange } = this.parts;
    exchange.filter = new UsageWithholder((usage) => {
      exchange.facts.usage = usage;
    });
    return { status, headers: withoutHeaders(headers, OF_THE_BYTES), body, route };
  }

  /** A backend that does not know how to be asked is asked without it, which the client never sees. */
  #unlessRefused(reply: Reply): Observable<Reply> {
    const { status, headers, route } = reply;
    return withWholeBody(reply, MAX_REFUSAL_BYTES, (body) => {
      if (route === null || !REFUSAL.test(body.toString('latin1'))) {
        return { status, headers, body: of(body), route };
      }
      const { exchange } = this.parts;
      const { facts } = exchange;
      const { name } = route.backend;
      this.#refusedBy = name;
      facts.pastAttempts ??= [];
      facts.pastAttempts.push({
        backend: name,
        status,
        errorCode: null,
        durationMs: exchange.elapsedMs() - (facts.attemptStartMs ?? 0),
      });
      return this.replies();
    });
  }
}
