import { OF_THE_BYTES, withoutHeaders } from '../../header-fields.js';
import { type Reply } from '../reply.js';

/** The reply with another body, and no field that describes the bytes of the one it had. */
export function withOtherBytes(reply: Reply, body: Reply['body']): Reply {
  return { ...reply, headers: withoutHeaders(reply.headers, OF_THE_BYTES), body };
}
