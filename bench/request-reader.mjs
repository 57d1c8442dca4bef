const MAX_PENDING_BYTES = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * Finds the requests in the bytes of one connection; just enough of RFC 9112 for the proxies
 * under test, so that the upstream stays much faster than they are.
 * @param {(request: string) => void} onRequest gets head and body as Latin-1
 * @returns {(chunk: Buffer) => void} throws when a request is larger than 64 KB
 */
export function createRequestReader(onRequest) {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    let input = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let end = requestEnd(input); end !== -1; end = requestEnd(input)) {
      onRequest(input.toString('latin1', 0, end));
      input = input.subarray(end);
    }
    if (input.length > MAX_PENDING_BYTES) throw new Error('A request is larger than 64 KB.');
    pending = input;
  };
}

function requestEnd(input) {
  const headEnd = input.indexOf(HEAD_END);
  if (headEnd === -1) return -1;
  const bodyStart = headEnd + HEAD_END.length;
  const head = input.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = bodyStart + Number(length);
    return end <= input.length ? end : -1;
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return bodyStart;
  const last = input.indexOf(LAST_CHUNK, bodyStart);
  return last === -1 ? -1 : last + LAST_CHUNK.length;
}
