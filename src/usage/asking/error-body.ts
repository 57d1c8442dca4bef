import { Observable } from 'rxjs';
import { type Reply } from '../../exchange/reply/reply.js';
import { withWholeBody } from '../../exchange/reply/transform/whole-body.js';

/**
 * Waits for the whole body of an error before it is decided what becomes of it. What nobody has to
 * decide is the client's as it came: a body above `maxBytes`, and one that breaks off or stalls,
 * which is cut where it was.
 *
 * @param next - gives what to send in its place, at once or later
 */
export function withErrorBody(
  reply: Reply,
  maxBytes: number,
  next: (body: Buffer) => Reply | Observable<Reply>,
): Observable<Reply> {
  let failure: { readonly error: unknown } | null = null;
  const body = new Observable<Uint8Array>((bytes) => {
    let length = 0;
    return reply.body.subscribe({
      next(chunk) {
        length += chunk.length;
        bytes.next(chunk);
      },
      error(error: unknown) {
        if (length > maxBytes) {
          bytes.error(error);
          return;
        }
        failure = { error };
        bytes.complete();
      },
      complete() {
        bytes.complete();
      },
    });
  });
  return withWholeBody({ ...reply, body }, maxBytes, (came) =>
    failure === null ? next(came) : { ...reply, body: cutBody(came, failure.error) },
  );
}

/** Fails only when head and bytes have left: before that an error would be answered in their place. */
function cutBody(came: Buffer, error: unknown): Observable<Uint8Array> {
  return new Observable((bytes) => {
    if (came.length > 0) bytes.next(came);
    const cut = setImmediate(() => {
      bytes.error(error);
    });
    return () => {
      clearImmediate(cut);
    };
  });
}
