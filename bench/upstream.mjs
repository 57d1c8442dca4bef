/**
 * The model server of the bench, run as a child process: raw TCP and precomputed bytes. The model
 * named in the request chooses the reply. It tells its parent the port, and on request how far
 * the last flood came.
 */
import { createServer } from 'node:net';
import { createRequestReader } from './request-reader.mjs';
import { floodInto } from './streams/flood.mjs';
import { streamSlowly } from './streams/slow.mjs';
import { precomputedReplies, reply } from './upstream-replies.mjs';

const REPLIES = precomputedReplies();
const MODELS = reply(
  'application/json',
  JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model' }] }),
);

let flood = null;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  const read = createRequestReader((request) => answer(socket, request));
  socket.on('data', read);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', () => process.send({ flood: flood?.progress() ?? null }));
process.on('disconnect', () => process.exit());

function answer(socket, request) {
  const model = /"model": ?"([^"]+)"/.exec(request)?.[1];
  if (model === undefined) return socket.write(MODELS);
  const precomputed = REPLIES.get(model);
  if (precomputed) return socket.write(precomputed);
  const [kind, ...numbers] = model.split(':');
  if (kind === 'slow') {
    const [events, intervalMs] = numbers.map(Number);
    return streamSlowly(socket, { events, intervalMs });
  }
  if (kind === 'flood') {
    flood = floodInto(socket, { bytes: Number(numbers[0]) });
    return undefined;
  }
  throw new Error(`The bench asked for a model that its upstream does not have: ${model}`);
}
