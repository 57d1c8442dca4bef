import { Observable } from 'rxjs';
import { type Transform } from 'node:stream';
import { decoderFor, isDecodable } from './coding-decoders.js';
import { ExchangeError } from '../exchange-error.js';
import { codingOf, headerValue } from './reply-head.js';
import { type Reply } from './reply.js';
import { withoutHeaders } from '../header-fields.js';

const NOTHING = new Uint8Array(0);

const CODING_FIELDS: ReadonlySet<string> = new Set(['content-encoding', 'content-length']);

/** Whether a body in this coding can be read. Null and `identity` are no coding. */
export function isKnownCoding(value: string | null): boolean {
  const coding = codingOf(value);
  return coding === null || isDecodable(coding);
}

/**
 * The reply with its body decoded; the very reply when it is in no coding.
 *
 * @param maxBytes - most bytes it may decode to: a small body can hold a very large one
 * @returns a body that fails with `upstream_protocol` beyond that, and when it is malformed
 */
export function decodedBody(reply: Reply, maxBytes: number): Reply {
  const coding = codingOf(headerValue(reply.headers, 'content-encoding'));
  if (coding === null || !isDecodable(coding)) return reply;
  const body = new Observable<Uint8Array>((bytes) => {
    let decoder: Transform | null = null;
    let decodedLength = 0;
    const fail = (message: string, cause?: unknown): void => {
      bytes.error(new ExchangeError('upstream_protocol', message, { cause }));
    };

    function start(started: Transform | null): Transform | null {
      started?.on('data', (chunk: Buffer) => {
        decodedLength += chunk.length;
        if (decodedLength <= maxBytes) bytes.next(chunk);
        else fail(`the backend's compressed reply holds more than ${maxBytes} bytes`);
      });
      started?.on('end', () => {
        bytes.complete();
      });
      started?.on('error', (error) => {
        fail("the backend's compressed reply is malformed", error);
      });
      return started;
    }

    const source = reply.body.subscribe({
      next(chunk) {
        if (chunk.length === 0) return;
        decoder ??= start(decoderFor(coding, chunk[0] ?? 0));
        decoder?.write(chunk);
      },
      error(error: unknown) {
        if (decoder === null) bytes.error(error);
        // Writes are worked off in order: what can be decoded of it comes first.
        else
          decoder.write(NOTHING, () => {
            bytes.error(error);
          });
      },
      complete() {
        if (decoder === null) bytes.complete();
        else decoder.end();
      },
    });
    return () => {
      source.unsubscribe();
      decoder?.destroy();
    };
  });
  return { ...reply, headers: withoutHeaders(reply.headers, CODING_FIELDS), body };
}
