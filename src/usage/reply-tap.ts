import { Observable, type Observer } from 'rxjs';
import { type Reply } from '../exchange/reply.js';

/** Stands between a reply's body and its reader, and looks at what passes. */
export interface ReplyTap extends Observer<Uint8Array> {
  /** Called once when nothing more will pass, for whatever reason; the reader was told before. */
  finish(): void;
}

/** The reply with a tap on its body. */
export function tapped(reply: Reply, create: (reader: Observer<Uint8Array>) => ReplyTap): Reply {
  const body = new Observable<Uint8Array>((reader) => {
    const tap = create(reader);
    const source = reply.body.subscribe(tap);
    return () => {
      source.unsubscribe();
      tap.finish();
    };
  });
  const { status, headers, route } = reply;
  return { status, headers, body, route };
}
