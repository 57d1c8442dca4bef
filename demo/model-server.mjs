import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Response } from 'undici';
import {
  chatChunks,
  chatCompletion,
  readRequest,
  textChunks,
  textCompletion,
} from './completions.mjs';
import { MODELS } from './dialects.mjs';
import { readBody, readJson, sendError, sendJson } from './http-messages.mjs';

/**
 * @typedef {object} ModelServer
 * @property {string} url base URL for clients, ending in `/v1`
 * @property {() => Promise<void>} close cuts what is open and frees the port
 */

/**
 * Starts a scripted model server on the loopback interface. It answers like an OpenAI-style
 * server, with and without `/v1`: models, chat and legacy completions (JSON and stream, tool
 * calls), embeddings, file uploads. Each model of {@link MODELS} speaks one notation; a model
 * named `status-NNN` answers with that status, for clients that want to see an error.
 * @param {object} [options]
 * @param {number} [options.port] 0, the default, takes a free one
 * @param {number} [options.tokenDelayMs] stands before each chunk of a stream, 0 by default
 * @param {(request: import('node:http').IncomingMessage,
 *   response: import('node:http').ServerResponse) => boolean} [options.interrupt] sees every
 *   request first; true means that it answers, in whatever way, and the script does not
 * @returns {Promise<ModelServer>}
 */
export async function startModelServer({
  port = 0,
  tokenDelayMs = 0,
  interrupt = () => false,
} = {}) {
  let completions = 0;
  const identify = () => ({
    id: `chatcmpl-demo-${++completions}`,
    created: Math.floor(Date.now() / 1000),
  });
  const server = createServer((request, response) => {
    if (interrupt(request, response)) return;
    answer(request, response, { identify, tokenDelayMs }).catch((error) => {
      if (response.destroyed) return;
      if (response.headersSent) response.destroy(error);
      else sendError(response, error.status ?? 500, { message: error.message });
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request, response, context) {
  const { pathname } = new URL(request.url, 'http://model');
  const path = pathname.replace(/^\/v1(?=\/)/, '');
  const route = `${request.method} ${path}`;
  if (route === 'POST /chat/completions') return complete(request, response, context, CHAT);
  if (route === 'POST /completions') return complete(request, response, context, TEXT);
  if (route === 'POST /embeddings') return embed(request, response);
  if (route === 'POST /files') return storeFile(request, response);
  if (route === 'GET /models') {
    return sendJson(response, { object: 'list', data: [...MODELS.keys()].map(modelEntry) });
  }
  if (request.method === 'GET' && path.startsWith('/models/')) {
    const name = decodeURIComponent(path.slice('/models/'.length));
    return MODELS.has(name) ? sendJson(response, modelEntry(name)) : sendNoModel(response, name);
  }
  return sendError(response, 404, { message: `Invalid URL (${route})` });
}

const CHAT = { whole: chatCompletion, chunks: chatChunks };
const TEXT = { whole: textCompletion, chunks: textChunks };

async function complete(request, response, { identify, tokenDelayMs }, shape) {
  const body = await readJson(request);
  const status = /^status-([45]\d\d)$/.exec(body.model)?.[1];
  if (status) return sendError(response, Number(status), { message: `Scripted ${status}` });
  const model = MODELS.get(body.model);
  if (!model) return sendNoModel(response, body.model);
  const asked = readRequest(body, identify());
  if (body.stream !== true) return sendJson(response, shape.whole(asked, model));
  return sendStream(response, shape.chunks(asked, model), tokenDelayMs);
}

async function sendStream(response, chunks, tokenDelayMs) {
  const left = new AbortController();
  response.once('close', () => left.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const chunk of chunks) {
    if (tokenDelayMs > 0) await wait(tokenDelayMs, undefined, { signal: left.signal });
    if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`)) {
      await once(response, 'drain', { signal: left.signal });
    }
  }
  response.end('data: [DONE]\n\n');
}

async function embed(request, response) {
  const { input, model } = await readJson(request);
  const inputs = Array.isArray(input) ? input : [input];
  const tokens = JSON.stringify(inputs).length;
  sendJson(response, {
    object: 'list',
    model,
    data: inputs.map((_, index) => ({
      object: 'embedding',
      index,
      embedding: [0.25, -0.5, 0.125, 1],
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

async function storeFile(request, response) {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(await readBody(request), { headers }).formData();
  const file = form.get('file');
  if (file === null || typeof file === 'string') {
    return sendError(response, 400, { message: "'file' is a required property", param: 'file' });
  }
  return sendJson(response, {
    id: 'file-demo',
    object: 'file',
    bytes: file.size,
    created_at: Math.floor(Date.now() / 1000),
    filename: file.name,
    purpose: String(form.get('purpose') ?? ''),
    status: 'processed',
  });
}

function modelEntry(id) {
  return { id, object: 'model', created: 1_700_000_000, owned_by: 'demo' };
}

function sendNoModel(response, name) {
  const message = `The model \`${name}\` does not exist or you do not have access to it.`;
  sendError(response, 404, { message, param: 'model', code: 'model_not_found' });
}
