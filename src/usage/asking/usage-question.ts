import { type CallHandler } from '@nestjs/common';
import { catchError, mergeMap, type Observable, of, throwError } from 'rxjs';
import { ExchangeError } from '../../exchange/exchange-error.js';
import { type Exchange } from '../../exchange/exchange.js';
import { tellingUsage } from '../../exchange/facts/tokens-of.js';
import { codingIn, isEventStream } from '../../exchange/reply/reply-head.js';
import { type Reply } from '../../exchange/reply/reply.js';
import { isSuccess } from '../../exchange/reply/status.js';
import { decodedBody, isKnownCoding } from '../../exchange/reply/transform/content-coding.js';
import { withOtherBytes } from '../../exchange/reply/transform/other-bytes.js';
import { replaced } from '../../exchange/reply/transform/replaced-reply.js';
import { askForPlainBytes } from '../../exchange/request/plain-bytes.js';
import { type OutgoingRequest } from '../../exchange/request/request-edit.js';
import { type Route } from '../../exchange/route.js';
import { BegunWitness } from '../noting/begun-witness.js';
import { asksForStream, withUsageAsked } from './ask-for-usage.js';
import { withErrorBody } from './error-body.js';
import { filteredBody } from './filtered-body.js';
import { lessonOf, mayRefuse, mayRepeat } from './refusal-decision.js';
import { speaksOfUsage } from './refusal-text.js';
import { decidesStream } from './stream-parameters.js';
import { type Asked, type UsageRefusals } from './usage-refusals.js';
import { UsageWithholder } from './usage-withholder.js';

/** A longer error is passed on unread. */
const MAX_REFUSAL_BYTES = 65_536;

/** The exchange that asks, what is remembered of refusals, and the way to a backend. */
export interface UsageQuestionParts {
  readonly exchange: Exchange;
  readonly refusals: UsageRefusals;
  /** Carries the exchange to a backend; once more, where its first answer was a refusal. */
  readonly next: CallHandler<Reply>;
}

/** An error that may be a refusal of the question. */
interface Refusal {
  /** Goes to the client where the repeat gets no reply: it may be about the client's own mistake. */
  readonly first: Reply;
  /** Whether it names the question. */
  readonly isNamed: boolean;
}

/** Asks a backend what a stream uses where its client did not, and keeps the answer from the client. */
export class UsageQuestion {
  /** Whether the latest attempt asked for the usage although the client did not. */
  #hasAsked = false;
  /** Where the question seems to have been refused, which this exchange does not ask again. */
  #refused: Asked | null = null;

  constructor(private readonly parts: UsageQuestionParts) {
    parts.exchange.edits.push(this.#ask);
  }

  replies(): Observable<Reply> {
    return replaced(this.parts.next.handle(), this.#answered);
  }

  readonly #ask = (request: OutgoingRequest, route: Route): void => {
    this.#hasAsked = false;
    const { change } = route;
    const { exchange, refusals } = this.parts;
    // Only then can the request that is sent differ from the client's in asking for a stream.
    const isUncertain = change !== null && decidesStream(change.params);
    if (!exchange.facts.stream && !isUncertain) return;
    if (this.#refused !== null || refusals.has(this.#askedAt(route))) return;
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
    if (route === null || (!this.#hasAsked && this.#refused === null)) return reply;
    const asked = this.#askedAt(route);
    if (!this.#hasAsked) {
      if (this.#refused !== null) this.#learn(this.#refused, asked, status);
      return reply;
    }
    if (isSuccess(status)) {
      this.parts.refusals.noteAnswer(asked);
      return this.#withheld(reply);
    }
    return mayRefuse(status) ? this.#unlessRefused(reply, asked) : reply;
  };

  /** Only now it is sure whether the question was refused, or the rest of the request. */
  #learn(refused: Asked, asked: Asked, status: number): void {
    const { refusals } = this.parts;
    const isSame = refused.backend === asked.backend && refused.model === asked.model;
    const lesson = lessonOf({ status, isSame });
    switch (lesson) {
      case 'refused':
        refusals.note(refused);
        break;
      case 'in-vain':
        refusals.noteInVain(refused);
        break;
      case 'nothing':
        break;
      default: {
        const exhaustiveCheck: never = lesson;
        return exhaustiveCheck;
      }
    }
  }

  #withheld(reply: Reply): Reply {
    const { headers } = reply;
    if (!isEventStream(headers) || !isKnownCoding(headers)) return reply;
    const { exchange } = this.parts;
    const filter = new UsageWithholder((usage) => {
      // One that tells nothing must not take the place of one that does.
      exchange.facts.usage = tellingUsage(usage) ?? exchange.facts.usage;
    });
    if (codingIn(headers) !== null) {
      // It was asked for uncompressed, and so can be read by every client.
      const plain = decodedBody(reply, Infinity, exchange);
      const witness = exchange.witness?.begin(plain) ?? null;
      if (exchange.witness !== null) exchange.witness = new BegunWitness(exchange.witness);
      return withOtherBytes(plain, filteredBody(plain.body, filter, witness));
    }
    exchange.filter = filter;
    return withOtherBytes(reply, reply.body);
  }

  /** A backend that does not know how to be asked is asked without it, which the client never sees. */
  #unlessRefused(reply: Reply, asked: Asked): Observable<Reply> {
    const { status, headers, route } = reply;
    const { refusals } = this.parts;
    return withErrorBody(reply, MAX_REFUSAL_BYTES, (body) => {
      const first: Reply = { status, headers, body: of(body), route };
      const hasAnswer = refusals.hasAnswer(asked);
      return speaksOfUsage(reply, body, MAX_REFUSAL_BYTES).pipe(
        mergeMap((isNamed) => {
          const isInVain = refusals.isInVain(asked);
          const facts = { status, isNamed, hasAnswer, isInVain };
          return mayRepeat(facts) ? this.#withoutQuestion({ first, isNamed }, asked) : of(first);
        }),
      );
    });
  }

  #withoutQuestion({ first, isNamed }: Refusal, asked: Asked): Observable<Reply> {
    this.#refused = asked;
    const { exchange } = this.parts;
    exchange.notePastAttempt({ backend: asked.backend, status: first.status, errorCode: null });
    return this.replies().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof ExchangeError)) return throwError(() => error);
        this.parts.refusals.noteInVain(asked);
        // What names a field that the client did not send would tell it nothing.
        if (isNamed) return throwError(() => error);
        exchange.route = first.route;
        return of(first);
      }),
    );
  }

  #askedAt({ backend, model }: Route): Asked {
    return { backend: backend.name, model: model ?? this.parts.exchange.facts.requestedModel };
  }
}
