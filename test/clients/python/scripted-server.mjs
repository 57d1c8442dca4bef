import { once } from 'node:events';
import { createServer } from 'node:http';
import { readJson, sendError, sendJson } from '../../../demo/http-messages.mjs';

/** The globs of its models, for the backend that it is. */
export const SCRIPTED_MODELS = ['scripted-*'];

const CITY = '{"city":"Paris","people":2}';

/**
 * What a model server may do that the demo's never does. A request is known by its `user`; `GET
 * /attempts/{user}` tells how many have come, `GET /left/{user}` answers when the last one was left.
 *
 * @type {Readonly<Record<string, (turn: Turn) => void>>}
 */
const MODELS = {
  /** Answers with the request. */
  'scripted-mirror': ({ asked, response }) => sendChat(response, asked, JSON.stringify(asked)),
  /** Answers in the form asked for. */
  'scripted-structured': ({ asked, response }) => {
    const properties = Object.keys(asked.response_format?.json_schema?.schema?.properties ?? {});
    if (properties.join() === 'city,people') sendChat(response, asked, CITY);
    else
      sendError(response, 400, { message: `response_format has ${properties.join() || 'none'}` });
  },
  /** Wants to be asked again in a second, the first time. */
  'scripted-busy': ({ asked, response, attempt }) => {
    if (attempt > 1) return sendChat(response, asked, 'Paris');
    response.setHeader('retry-after', '1');
    return sendError(response, 429, { message: 'slow down', code: 'rate_limit_exceeded' });
  },
  /** Never answers. */
  'scripted-silent': () => {},
  /** Begins a stream and never ends it. */
  'scripted-endless': ({ asked, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunkOf(asked, 'Paris'));
  },
};

/**
 * @typedef {object} Turn
 * @property {any} asked the JSON of the request
 * @property {import('node:http').ServerResponse} response
 * @property {number} attempt of this user, from 1
 */

/**
 * Starts the server on a free port of the loopback interface.
 *
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} its origin, and how it ends
 */
export async function startScriptedServer() {
  /** @type {Map<string, { attempts: number, left: Promise<unknown> }>} */
  const users = new Map();
  const server = createServer((request, response) => {
    answer(request, response, users).catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request, response, users) {
  const [, what, name] = request.url.split('/');
  const user = users.get(name);
  if (what === 'attempts') return response.end(String(user?.attempts ?? 0));
  if (what === 'left') {
    await user?.left;
    return response.end(user === undefined ? 'never came' : 'left');
  }
  if (request.method === 'GET') {
    const data = Object.keys(MODELS).map((id) => ({ id, object: 'model' }));
    return sendJson(response, { object: 'list', data });
  }
  // Before anything is awaited: who asks so early may leave early too.
  const left = once(response, 'close');
  const asked = await readJson(request);
  const attempt = (users.get(asked.user)?.attempts ?? 0) + 1;
  users.set(asked.user, { attempts: attempt, left });
  return MODELS[asked.model]({ asked, response, attempt });
}

function sendChat(response, asked, content) {
  if (asked.stream === true) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${chunkOf(asked, content)}${chunkOf(asked, null)}data: [DONE]\n\n`);
    return;
  }
  const message = { role: 'assistant', content };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  sendJson(response, { ...headOf(asked), object: 'chat.completion', choices, usage });
}

/** An event of a stream; without content, its last. */
function chunkOf(asked, content) {
  const choice =
    content === null
      ? { index: 0, delta: {}, finish_reason: 'stop' }
      : { index: 0, delta: { role: 'assistant', content }, finish_reason: null };
  const chunk = { ...headOf(asked), object: 'chat.completion.chunk', choices: [choice] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function headOf({ model }) {
  return { id: 'chatcmpl-scripted', created: 1_700_000_000, model };
}
