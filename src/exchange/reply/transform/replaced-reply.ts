import { isObservable, Observable } from 'rxjs';
import { type Reply } from '../reply.js';

/**
 * What takes the place of a reply, at once or later. An operator of our own, because `mergeMap`
 * subscribes anew for every reply, also for those that are there at once.
 */
export function replaced(
  replies: Observable<Reply>,
  replacement: (reply: Reply) => Reply | Observable<Reply>,
): Observable<Reply> {
  return new Observable((results) => {
    let isLater = false;
    return replies.subscribe({
      next(reply) {
        try {
          const other = replacement(reply);
          isLater = isObservable(other);
          if (isObservable(other)) results.add(other.subscribe(results));
          else results.next(other);
        } catch (error) {
          results.error(error);
        }
      },
      error(error: unknown) {
        results.error(error);
      },
      complete() {
        if (!isLater) results.complete();
      },
    });
  });
}
