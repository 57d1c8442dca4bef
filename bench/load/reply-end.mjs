const HEAD_END = '\r\n\r\n';
const CHUNKED_END = Buffer.from('\r\n0\r\n\r\n');
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * Notices where a reply ends, without decoding it, so that a load of our own stays cheap. A
 * chunked body ends with the last thing that arrives, as nothing is pipelined.
 * @returns {{ feed: (chunk: Buffer) => 'more' | 'end', bodyBytes: () => number }} one reply's;
 *   throws when the status is not 200
 */
export function createReplyEnd() {
  let head = '';
  let lengthLeft = null;
  let bodyBytes = 0;
  let tail = Buffer.alloc(0);

  const feedBody = (chunk) => {
    bodyBytes += chunk.length;
    if (lengthLeft !== null) {
      lengthLeft -= chunk.length;
      return lengthLeft <= 0 ? 'end' : 'more';
    }
    tail = chunk.length >= CHUNKED_END.length ? chunk : Buffer.concat([tail, chunk]);
    tail = tail.subarray(-CHUNKED_END.length);
    return tail.equals(CHUNKED_END) ? 'end' : 'more';
  };

  let isInBody = false;
  return {
    bodyBytes: () => bodyBytes,
    feed: (chunk) => {
      if (isInBody) return feedBody(chunk);
      const before = Buffer.byteLength(head, 'latin1');
      head += chunk.toString('latin1');
      const end = head.indexOf(HEAD_END);
      if (end === -1) {
        if (head.length > MAX_HEAD_BYTES) throw new Error('A reply has no end of its head.');
        return 'more';
      }
      if (!/^HTTP\/1\.1 200 /.test(head)) throw new Error(`Not a 200: ${head.slice(0, 300)}`);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end + 2))?.[1];
      if (length !== undefined) lengthLeft = Number(length);
      isInBody = true;
      // The line break before a last chunk may be the one that ends the head.
      tail = Buffer.from('\r\n');
      return feedBody(chunk.subarray(end + HEAD_END.length - before));
    },
  };
}
