import { Observable } from 'rxjs';
import { OF_THE_BYTES, withoutHeaders } from '../../header-fields.js';
import { codingIn } from '../reply-head.js';
import { type RawHeaders, type Reply } from '../reply.js';
import { type UpstreamFlow } from '../upstream-flow.js';
import { isDecodable } from './coding-decoders.js';
import { DecodingFlow } from './decoding-flow.js';

/** What is told of coded bytes is wrong for the decoded ones. */
const OF_CODED_BYTES: ReadonlySet<string> = new Set(['content-encoding', ...OF_THE_BYTES]);

/** Whether a body that has this head can be read. `identity` is no coding. */
export function isKnownCoding(headers: RawHeaders): boolean {
  const coding = codingIn(headers);
  return coding === null || isDecodable(coding);
}

/** Holds the valve of the upstream reply, as an exchange does. */
export interface UpstreamValve {
  upstream: UpstreamFlow | null;
}

/**
 * The reply with its body decoded; the very reply when it is in no coding.
 *
 * @param maxBytes - most bytes it may decode to, for a small body can hold a very large one; Infinity
 *   where nothing is held of it, and the decoder has a valve
 * @param valve - gets a valve that stops the decoder, too
 * @returns a body that fails with `upstream_protocol` beyond the bound, and when it is malformed
 */
export function decodedBody(reply: Reply, maxBytes: number, valve?: UpstreamValve): Reply {
  const coding = codingIn(reply.headers);
  if (coding === null || !isDecodable(coding)) return reply;
  const body = new Observable<Uint8Array>((bytes) => {
    const upstream = valve?.upstream ?? null;
    const flow = new DecodingFlow({
      coding,
      maxBytes,
      upstream,
      bytes,
    });
    if (valve !== undefined && upstream !== null) valve.upstream = flow;
    const source = reply.body.subscribe(flow);
    return () => {
      source.unsubscribe();
      flow.stop();
    };
  });
  return { ...reply, headers: withoutHeaders(reply.headers, OF_CODED_BYTES), body };
}
