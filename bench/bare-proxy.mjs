/**
 * The reference: what `node:http` and undici cost without any feature. No back-pressure, no
 * cancellation, no errors worth the name. Run as a child process with the upstream's origin.
 */
import { createServer } from 'node:http';
import { Pool } from 'undici';

// What belongs to one connection (RFC 9110 §7.6.1); Node writes its own.
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];

const [origin] = process.argv.slice(2);
const pool = new Pool(origin, { connections: null, headersTimeout: 0, bodyTimeout: 0 });

const server = createServer({ noDelay: true, highWaterMark: 256 * 1024 }, (request, response) => {
  const body = [];
  request.on('data', (chunk) => body.push(chunk));
  request.on('end', () => {
    const { method, url: path, headers } = request;
    pool.dispatch({ method, path, headers, body: Buffer.concat(body) }, relayTo(response));
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function relayTo(response) {
  return {
    onRequestStart() {},
    onResponseStart(_controller, status, headers) {
      const kept = { ...headers };
      for (const hop of HOP_BY_HOP) delete kept[hop];
      response.writeHead(status, kept);
    },
    onResponseData(_controller, chunk) {
      response.write(chunk);
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      response.destroy();
    },
  };
}
