import { Observable } from 'rxjs';
import { type ReportedUsage } from './tokens-of.js';
import { UsageWithholder } from './usage-withholder.js';

/**
 * An event stream without the usage chunk that its client did not ask for.
 *
 * @param onUsage - told of the usage that was taken out
 */
export function withheldUsage(
  body: Observable<Uint8Array>,
  onUsage: (usage: ReportedUsage) => void,
): Observable<Uint8Array> {
  return new Observable((reader) => {
    const withholder = new UsageWithholder(onUsage);
    const pass = (bytes: Uint8Array): void => {
      if (bytes.length > 0) reader.next(bytes);
    };
    return body.subscribe({
      next: (chunk) => {
        pass(withholder.feed(chunk));
      },
      error: (error: unknown) => {
        // What is held is half an event, which no client could read: the error is the next one.
        reader.error(error);
      },
      complete: () => {
        pass(withholder.end());
        reader.complete();
      },
    });
  });
}
