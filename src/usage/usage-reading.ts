import { type CallHandler } from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { type Endpoint } from '../exchange/endpoint.js';
import { type Exchange } from '../exchange/exchange.js';
import { OF_THE_BYTES, withoutHeaders } from '../exchange/header-fields.js';
import { askForPlainBytes } from '../exchange/plain-bytes.js';
import { replaced } from '../exchange/replaced-reply.js';
import { headerValue, isEventStream, isJson } from '../exchange/reply-head.js';
import { type Reply } from '../exchange/reply.js';
import { type OutgoingRequest } from '../exchange/request-edit.js';
import { type Route } from '../exchange/route.js';
import { withWholeBody } from '../exchange/whole-body.js';
import { withUsageAsked } from './ask-for-usage.js';
import { CodedTap, codingOf } from './coded-tap.js';
import { JsonTap } from './json-tap.js';
import { type ReplySamples } from './reply-samples.js';
import { tapped } from './reply-tap.js';
import { StreamTap } from './stream-tap.js';
import { type UsageRefusals } from './usage-refusals.js';

/** A longer error is passed on unread. */
const MAX_REFUSAL_BYTES = 65_536;
const REFUSAL = /stream_options|include_usage/;

export interface UsageReadingParts {
  readonly exchange: Exchange;
  readonly endpoint: Endpoint;
  readonly refusals: UsageRefusals;
  readonly samples: ReplySamples;
  /** Carries the exchange to a backend; once more, where its first answer was a refusal. */
  readonly next: CallHandler<Reply>;
}

/** How the usage of one exchange comes to be known. */
export class UsageReading {
  /** Whether the latest attempt asked for the usage although the client did not. */
  #hasAsked = false;
  #isRefused = false;

  constructor(private readonly parts: UsageReadingParts) {
    const { exchange, endpoint } = parts;
    if (endpoint === 'chat' || endpoint === 'completions') exchange.edits.push(this.#ask);
  }

  replies(): Observable<Reply> {
    return replaced(this.parts.next.handle(), this.#read);
  }

  readonly #ask = (request: OutgoingRequest, { backend, change }: Route): void => {
    this.#hasAsked = false;
    const { exchange, refusals } = this.parts;
    // Without a change the request asks for what the client asked for.
    if (!exchange.facts.stream && change === null) return;
    if (this.#isRefused || refusals.has(backend.name) || request.bodyText === null) return;
    const asking = withUsageAsked(request.bodyText);
    if (asking === null) return;
    request.bodyText = asking;
    askForPlainBytes(request);
    this.#hasAsked = true;
  };

  readonly #read = (reply: Reply): Reply | Observable<Reply> => {
    const { status, headers } = reply;
    if (this.#hasAsked && (status === 400 || status === 422)) return this.#unlessRefused(reply);
    if (status < 200 || status > 299) return reply;
    const isStream = isEventStream(headers);
    if (!isStream && !isJson(headers)) return reply;
    const { exchange } = this.parts;
    const coding = codingOf(headerValue(headers, 'content-encoding'));
    if (coding !== null) return tapped(reply, (reader) => new CodedTap(exchange, coding, reader));
    return isStream ? this.#readStream(reply) : this.#readJson(reply);
  };

  #readJson(reply: Reply): Reply {
    const { exchange } = this.parts;
    const samples = this.#isCounted ? this.parts.samples : null;
    return tapped(reply, (reader) => new JsonTap(exchange, samples, reader));
  }

  #readStream(reply: Reply): Reply {
    const { exchange, endpoint, samples } = this.parts;
    const withholdsUsage = this.#hasAsked;
    const { status, headers, body, route } = reply;
    const kept = withholdsUsage ? withoutHeaders(headers, OF_THE_BYTES) : headers;
    return tapped({ status, headers: kept, body, route }, (reader) => {
      const sample = this.#isCounted ? samples.begin('stream') : null;
      const beginsWithUsage = endpoint === 'messages';
      return new StreamTap({ exchange, reader, sample, withholdsUsage, beginsWithUsage });
    });
  }

  /** Replies of other endpoints are not counted where they do not tell their usage. */
  get #isCounted(): boolean {
    const { endpoint } = this.parts;
    return endpoint === 'chat' || endpoint === 'completions';
  }

  /** A backend that does not know how to be asked is asked without it, which the client never sees. */
  #unlessRefused(reply: Reply): Observable<Reply> {
    const { exchange, refusals } = this.parts;
    return withWholeBody(reply, MAX_REFUSAL_BYTES, (body) => {
      const { status, headers, route } = reply;
      if (route === null || !REFUSAL.test(body.toString('latin1'))) {
        return { status, headers, body: of(body), route };
      }
      const { name } = route.backend;
      refusals.note(name);
      this.#isRefused = true;
      const { facts } = exchange;
      facts.failedAttempts ??= [];
      facts.failedAttempts.push({
        backend: name,
        status,
        errorCode: null,
        durationMs: exchange.elapsedMs() - (facts.attemptStartMs ?? 0),
      });
      return this.replies();
    });
  }
}
