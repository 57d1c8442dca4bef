import { catchError, map, type Observable, of, toArray } from 'rxjs';
import { type Reply } from '../../exchange/reply/reply.js';
import { decodedBody } from '../../exchange/reply/transform/content-coding.js';

/** The two names of the question as servers write them: with the letter escaped, in words, in camel case. */
const NAMES = /stream(?:[ _-]|\\u005f)?options?|include(?:[ _-]|\\u005f)?usage/i;

/**
 * Whether an error speaks of the question for usage.
 *
 * @param body - of the reply, as it came
 * @param maxBytes - most bytes it may decode to; of a longer one, and a malformed one, nothing is known
 */
export function speaksOfUsage(
  reply: Reply,
  body: Uint8Array,
  maxBytes: number,
): Observable<boolean> {
  return decodedBody({ ...reply, body: of(body) }, maxBytes).body.pipe(
    toArray(),
    map((chunks) => NAMES.test(Buffer.concat(chunks).toString('latin1'))),
    catchError(() => of(false)),
  );
}
