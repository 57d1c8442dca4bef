import { Observable } from 'rxjs';
import { type BodyFilter } from '../../exchange/reply/body-filter.js';
import { type BodyWitness } from '../../exchange/reply/reply-witness.js';

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
    const emit = (passing: () => Uint8Array): void => {
      try {
        const chunk = passing();
        if (chunk.length === 0) return;
        witness?.see(chunk);
        bytes.next(chunk);
      } catch (error) {
        bytes.error(error);
      }
    };
    const source = body.subscribe({
      next(chunk) {
        emit(() => filter.feed(chunk));
      },
      error(error: unknown) {
        bytes.error(error);
      },
      complete() {
        emit(() => filter.end());
        bytes.complete();
      },
    });
    return () => {
      source.unsubscribe();
      filter.conclude();
    };
  });
}
