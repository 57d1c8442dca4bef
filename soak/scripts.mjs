import { once } from 'node:events';
import { sendError } from '../demo/http-messages.mjs';

const LONG_EVENTS = 1000;
const LONG_EVENT = event('word '.repeat(800));
const STREAM_HEAD = { 'content-type': 'text/event-stream' };

/**
 * What the faulty backend does to a request whose `x-soak-script` names it.
 * @type {Record<string, (request: import('node:http').IncomingMessage,
 *   response: import('node:http').ServerResponse) => void>}
 */
export const FAULTS = {
  busy: (request, response) => sendError(response, 503, { message: 'Scripted 503' }),
  reset: (request) => request.socket.resetAndDestroy(),
  garbage: (request) => request.socket.end('HTTP/1.1 two hundred\r\n\r\n'),
  'stall-head': (request) => request.resume(),
  'stall-stream': (request, response) => begin(request, response),
  'cut-stream': async (request, response) => {
    await begin(request, response);
    request.socket.resetAndDestroy();
  },
  'cut-json': async (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    await written(response, '{"choices":[');
    response.destroy();
  },
};

/**
 * Answers the script `long`: 4 MB of a stream, as fast as they are taken.
 * @returns {boolean} whether that was the script
 */
export function longStream(request, response) {
  if (request.headers['x-soak-script'] !== 'long') return false;
  request.resume();
  void pour(response);
  return true;
}

async function pour(response) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, STREAM_HEAD);
  try {
    for (let sent = 0; sent < LONG_EVENTS; sent += 1) {
      if (!response.write(LONG_EVENT)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end('data: [DONE]\n\n');
  } catch (error) {
    // A reader may leave, or this backend be taken down, in the middle of it.
    if (!gone.signal.aborted) throw error;
  }
}

async function begin(request, response) {
  request.resume();
  response.writeHead(200, STREAM_HEAD);
  await written(response, event('The beginning '));
}

function written(response, text) {
  return new Promise((resolve) => response.write(text, resolve));
}

function event(content) {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  const chunk = { id: 'chatcmpl-soak', object: 'chat.completion.chunk', created: 0, choices };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
