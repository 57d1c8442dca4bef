import { concat, isObservable, Observable, of, type Subscriber, Subscription } from 'rxjs';
import { type Reply } from '../reply.js';

/**
 * Waits for a whole body before its reply goes on, so that its length can be told, and a backend
 * that breaks off can still be answered with an error. A body above `maxBytes` goes on unread.
 *
 * @param next - gives the reply to send in place of the one that came, at once or later
 */
export function withWholeBody(
  reply: Reply,
  maxBytes: number,
  next: (body: Buffer) => Reply | Observable<Reply>,
): Observable<Reply> {
  return new Observable((replies) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    // Who reads on once the body is too large.
    let sink: Subscriber<Uint8Array> | null = null;
    const subscription = new Subscription();
    const source = reply.body.subscribe({
      next(chunk) {
        if (sink !== null) {
          sink.next(chunk);
          return;
        }
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) passOn();
      },
      error(error: unknown) {
        if (sink !== null) sink.error(error);
        else replies.error(error);
      },
      complete() {
        if (sink !== null) sink.complete();
        else send();
      },
    });

    function send(): void {
      try {
        const other = next(Buffer.concat(chunks, length));
        if (isObservable(other)) {
          subscription.add(other.subscribe(replies));
          return;
        }
        replies.next(other);
        replies.complete();
      } catch (error) {
        replies.error(error);
      }
    }

    function passOn(): void {
      const rest = new Observable<Uint8Array>((bytes) => {
        sink = bytes;
        return subscription;
      });
      replies.next({ ...reply, body: concat(of(...chunks), rest) });
      replies.complete();
    }

    subscription.add(source);
    return () => {
      if (sink === null) subscription.unsubscribe();
    };
  });
}
