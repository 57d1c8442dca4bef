import { Pool } from 'undici';
import { chatRequestBody } from './chat-request.mjs';

/**
 * Reads one event stream to its end.
 * @param {Pool} pool to the subject; the caller closes it
 * @param {string} model
 * @param {(chunk: Buffer) => void} onChunk
 * @returns {Promise<number>} bytes of the body
 * @throws when the status is not 200 or the stream is cut
 */
export async function readStream(pool, model, onChunk) {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
    body: chatRequestBody(model),
  });
  if (statusCode !== 200) throw new Error(`Not a 200: ${statusCode} ${await body.text()}`);
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    onChunk(chunk);
  }
  return bytes;
}

/** Connections to a subject, as many as there are streams. @param {number} port */
export function poolTo(port) {
  return new Pool(`http://127.0.0.1:${port}`, {
    connections: null,
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  });
}
