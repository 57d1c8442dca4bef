import { Injectable } from '@nestjs/common';
import { Observable, of } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { headerValue, isEventStream, isJson } from '../exchange/reply/reply-head.js';
import { type Reply } from '../exchange/reply/reply.js';
import { isSuccess } from '../exchange/reply/status.js';
import {
  decodedBody,
  isKnownCoding,
  type UpstreamValve,
} from '../exchange/reply/transform/content-coding.js';
import { withOtherBytes } from '../exchange/reply/transform/other-bytes.js';
import { passOn } from '../exchange/reply/transform/pass-on.js';
import { withWholeBody } from '../exchange/reply/transform/whole-body.js';
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
      isSuccess(reply.status) &&
      (isStream || isJson(reply.headers)) &&
      isKnownCoding(reply.headers);
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
      const other = withOtherBytes(plain, of(bytes));
      return { ...other, headers: [...other.headers, 'Content-Length', `${bytes.length}`] };
    });
  }
}

function rewriteStream(plain: Reply, plan: RewritePlan, observer: ReplyObserver): Reply {
  const body = new Observable<Uint8Array>((bytes) => {
    const rewriter = createStreamRewriter(plan, observer);
    return plain.body.subscribe({
      next: (chunk) => {
        passOn(bytes, () => rewriter.feed(chunk));
      },
      // What is held goes out before the error is told.
      error: (error: unknown) => {
        passOn(bytes, () => rewriter.end('broken'));
        bytes.error(error);
      },
      complete: () => {
        passOn(bytes, () => rewriter.end('complete'));
        bytes.complete();
      },
    });
  });
  return withOtherBytes(plain, body);
}
