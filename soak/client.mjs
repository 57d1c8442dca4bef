import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const SLOW_READER_MS = 1500;
const LEAVE_AFTER_MS = 100;
const LEAVE_AFTER_CHUNKS = 3;
/** The end of a long reply says whether it is whole. */
const MAX_KEPT_CHARS = 64 * 1024;

/**
 * What a client saw of its request.
 * @typedef {object} Note
 * @property {string} kind
 * @property {'whole' | 'wrong' | 'refused' | 'cut' | 'left' | 'broken'} ending `wrong` is whole but
 *   not what it should be, `refused` a status of 400 or above, `cut` a reply that ended early,
 *   `left` of the client's own will, `broken` no reply at all
 * @property {number | null} status
 * @property {string | null} code of the error
 * @property {string | null} backend
 * @property {boolean} isExpected
 */

/**
 * Sends one request, does what its kind does, and tells what came of it. Never rejects.
 * @param {import('./mix.mjs').Kind} kind
 * @param {{ port: number, agent: import('node:http').Agent, id: string }} connection
 * @returns {Promise<Note>}
 */
export async function converse(kind, { port, agent, id }) {
  const body = kind.body === null ? '' : JSON.stringify(kind.body);
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    agent,
    method: kind.method,
    path: kind.path,
    headers: {
      ...kind.headers,
      'x-request-id': id,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  });
  const patience = setTimeout(() => request.destroy(new Error('no end')), PATIENCE_MS);
  const seen = { status: null, code: null, backend: null, hasLeft: false };
  let ending;
  try {
    ending = await endingOf(request, { kind, body, seen });
  } catch {
    ending = seen.hasLeft ? 'left' : seen.status === null ? 'broken' : 'cut';
  } finally {
    clearTimeout(patience);
    // Destroyed requests tell their error late, to nobody.
    request.on('error', () => undefined);
  }
  const { status, code, backend } = seen;
  const isExpected = mayEnd(kind, { ending, code, backend });
  return { kind: kind.name, ending, status, code, backend, isExpected };
}

async function endingOf(request, { kind, body, seen }) {
  const leave = () => {
    seen.hasLeft = true;
    request.destroy();
  };
  const answered = once(request, 'response');
  if (kind.conduct === 'leave-in-body') {
    request.write(body.slice(0, body.length / 2), leave);
  } else {
    request.end(body);
  }
  const impatience =
    kind.conduct === 'leave-before-head' ? setTimeout(leave, LEAVE_AFTER_MS) : undefined;
  const [response] = await answered;
  clearTimeout(impatience);
  seen.status = response.statusCode;
  seen.backend = response.headers['x-sluice-backend'] ?? null;
  if (kind.conduct === 'leave-at-head') leave();
  const text = await read(response, kind.conduct, leave);
  if (seen.hasLeft) return 'left';
  if (seen.status >= 400) {
    seen.code = JSON.parse(text).error.code;
    return 'refused';
  }
  if (/data: \{"error":.*\n\n$/.test(text)) return 'cut';
  return kind.isRight(text) ? 'whole' : 'wrong';
}

async function read(response, conduct, leave) {
  let text = '';
  let chunks = 0;
  response.setEncoding('utf8');
  for await (const chunk of response) {
    chunks += 1;
    text = (text + chunk).slice(-MAX_KEPT_CHARS);
    // What is not asked for stays in the sockets, and fills them.
    if (chunks === 1 && conduct === 'read-slowly') await wait(SLOW_READER_MS);
    if (chunks === LEAVE_AFTER_CHUNKS && conduct === 'leave-midway') leave();
  }
  return text;
}

// A backend that is taken down cuts what it was sending. What it had not begun is tried elsewhere,
// but only as far as the budget of retries goes.
function mayEnd({ expected }, { ending, code, backend }) {
  if (ending === 'broken' || ending === 'wrong') return false;
  if (expected === 'any' || ending === 'whole') return true;
  return backend === 'restarting' && (ending === 'cut' || (code?.startsWith('upstream_') ?? false));
}
