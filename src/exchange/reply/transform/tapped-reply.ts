import { type Observable, tap } from 'rxjs';
import { type Reply } from '../reply.js';

/** The reply with someone who looks at its bytes as they pass, and must not change them. */
export function tappedReply(reply: Reply, onBytes: (bytes: Uint8Array) => void): Reply {
  const body: Observable<Uint8Array> = reply.body.pipe(tap(onBytes));
  return { ...reply, body };
}
