import { Observable } from 'rxjs';
import { type BodyFilter } from '../../exchange/reply/body-filter.js';
import { type BodyWitness } from '../../exchange/reply/reply-witness.js';
import { passOn } from '../../exchange/reply/transform/pass-on.js';

/**
 * A body led through a filter and past a witness that cannot stand nearer to the backend, as its
 * bytes are decoded first.
 */
export function filteredBody(
  body: Observable<Uint8Array>,
  filter: BodyFilter,
  witness: BodyWitness | null,
): Observable<Uint8Array> {
  return new Observable((bytes) => {
    const source = body.subscribe({
      next(chunk) {
        passOn(bytes, () => filter.feed(chunk), witness);
      },
      error(error: unknown) {
        bytes.error(error);
      },
      complete() {
        passOn(bytes, () => filter.end(), witness);
        bytes.complete();
      },
    });
    return () => {
      source.unsubscribe();
      filter.conclude();
    };
  });
}
