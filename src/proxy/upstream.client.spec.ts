import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { backend, configOf } from '../../test/support/gateway/config.js';
import { deferred } from '../../test/support/time/deferred.js';
import { ConfigStore } from '../config/config-store.js';
import { type BackendConfig } from '../config/typed/backend-config.js';
import { type UpstreamCall, UpstreamClient } from './upstream.client.js';

describe('uploads that begin in one tick', () => {
  const sockets: Socket[] = [];
  let server: Server;
  let client: UpstreamClient;
  let onConnection: (socket: Socket) => void;

  beforeEach(async () => {
    onConnection = () => undefined;
    server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined).resume());
      onConnection(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    await client.onApplicationShutdown();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  it('each know that they went out on a connection of their own', async () => {
    onConnection = (socket) => socket.once('data', () => socket.end());
    const to = backendAt('http');
    const uploads = [begin(to), begin(to), begin(to)];
    await Promise.all(uploads.map(({ failed }) => failed));
    expect(uploads.map(({ call }) => call.isReused)).toEqual([false, false, false]);
  });

  it('each end their own connection when they are cancelled', async () => {
    const cameBoth = deferred();
    onConnection = () => {
      if (sockets.length === 2) cameBoth.resolve();
    };
    // The handshake is never answered, so that both go on connecting.
    const to = backendAt('https');
    const [left, stays] = [begin(to), begin(to)];
    await cameBoth.promise;
    const closed = sockets.map(async (socket) => {
      await once(socket, 'close');
      return sockets.indexOf(socket);
    });
    left.call.cancel();
    const first = await Promise.race([...closed, stays.failed.then(() => 'the other failed')]);
    expect(first).toBe(0);
  });

  it('make no connection when they are cancelled in that tick', async () => {
    onConnection = (socket) => socket.once('data', () => socket.end());
    const to = backendAt('http');
    begin(to).call.cancel();
    const next = begin(to);
    await next.failed;
    expect(sockets.length).toBe(1);
  });

  function backendAt(scheme: 'http' | 'https'): BackendConfig {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const at = backend(`${scheme}://127.0.0.1:${address.port}`);
    client = new UpstreamClient(new ConfigStore(configOf([at])));
    return at;
  }

  function begin(to: BackendConfig): { readonly call: UpstreamCall; failed: Promise<unknown> } {
    const failed = deferred<unknown>();
    const request = { method: 'POST', path: '/', headers: [], body: Readable.from(['x']) };
    const call = client.send(to, request, {
      onStart: () => undefined,
      onSent: () => undefined,
      onHead: () => undefined,
      onChunk: () => undefined,
      onEnd: () => undefined,
      onError: failed.resolve,
    });
    return { call, failed: failed.promise };
  }
});
