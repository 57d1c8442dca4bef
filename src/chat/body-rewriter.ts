import { Injectable } from '@nestjs/common';
import { Observable, of } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { OF_THE_BYTES, withoutHeaders } from '../exchange/header-fields.js';
import { headerValue, isEventStream, isJson } from '../exchange/reply/reply-head.js';
import { type Reply } from '../exchange/reply/reply.js';
import { withWholeBody } from '../exchange/reply/whole-body.js';
import {
  decodedBody,
  isKnownCoding,
  type UpstreamValve,
} from '../exchange/reply/content-coding.js';
import { rewriteJson } from './rewrite/json-rewriter.js';
import { type ReplyObserver } from './rewrite/reply-observer.js';
import { type RewritePlan } from './rewrite/rewrite-plan.js';
import { createStreamRewriter } from './rewrite/stream-rewriter.js';

/** Puts the rewriting of reasoning between a reply's body and its reader. */
@Injectable()
export class BodyRewriter {
  constructor(private readonly config: ConfigStore) {}

  get #maxBytes(): number {
    return this.config.current.settings.limits.maxBodyBytes;
  }

  /**
   * @param valve - of a reply that is decoded: its decoder stops with the upstream
   * @returns the reply with its body rewritten, later where it must be read whole first; the very
   *   reply, where it is no successful completion, too large to be read, or in an unknown coding
   */
  rewrite(
    reply: Reply,
    plan: RewritePlan,
    observer: ReplyObserver,
    valve: UpstreamValve,
  ): Reply | Observable<Reply> {
    const isStream = isEventStream(reply.headers);
    const isRead =
      reply.status >= 200 &&
      reply.status < 300 &&
      (isStream || isJson(reply.headers)) &&
      isKnownCoding(headerValue(reply.headers, 'content-encoding'));
    if (!isRead) return reply;
    if (isStream) {
      return rewriteStream(decodedBody(reply, Infinity, valve), plan, observer);
    }
    if (Number(headerValue(reply.headers, 'content-length') ?? 0) > this.#maxBytes) return reply;
    return this.#rewriteJson(reply, plan, observer);
  }

  #rewriteJson(reply: Reply, plan: RewritePlan, observer: ReplyObserver): Observable<Reply> {
    const plain = decodedBody(reply, this.#maxBytes);
    return withWholeBody(plain, this.#maxBytes, (body) => {
      const json = body.toString('latin1');
      // A compressed one is looked at by nobody else.
      if (plain === reply && !plan.mayMatter(json)) {
        observer.unread();
        return { ...plain, body: of(body) };
      }
      const rewritten = rewriteJson(json, plan, observer);
      if (rewritten === json) return { ...plain, body: of(body) };
      const bytes = Buffer.from(rewritten, 'latin1');
      const kept = withoutHeaders(plain.headers, OF_THE_BYTES);
      const headers = [...kept, 'Content-Length', `${bytes.length}`];
      return { ...plain, headers, body: of(bytes) };
    });
  }
}

function rewriteStream(plain: Reply, plan: RewritePlan, observer: ReplyObserver): Reply {
  const body = new Observable<Uint8Array>((bytes) => {
    const rewriter = createStreamRewriter(plan, observer);
    const emit = (next: () => Uint8Array): void => {
      try {
        const chunk = next();
        if (chunk.length > 0) bytes.next(chunk);
      } catch (error) {
        bytes.error(error);
      }
    };
    return plain.body.subscribe({
      next: (chunk) => {
        emit(() => rewriter.feed(chunk));
      },
      // What is held goes out before the error is told.
      error: (error: unknown) => {
        emit(() => rewriter.end('broken'));
        bytes.error(error);
      },
      complete: () => {
        emit(() => rewriter.end('complete'));
        bytes.complete();
      },
    });
  });
  return { ...plain, headers: withoutHeaders(plain.headers, OF_THE_BYTES), body };
}
