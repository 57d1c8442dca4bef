import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { deferred } from '../../test/support/time/deferred.js';
import { readOnWhenWritesFail } from './failed-writes.js';

describe('readOnWhenWritesFail', () => {
  const server = createServer();
  afterEach(() => {
    server.close();
  });

  async function connected(): Promise<{ near: Socket; far: Socket }> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const accepted = deferred<Socket>();
    server.once('connection', accepted.resolve);
    const near = connect(address.port, '127.0.0.1');
    await once(near, 'connect');
    return { near, far: await accepted.promise };
  }

  /** What is read of a connection until it is closed, and the code of its error. */
  async function lastOf(near: Socket): Promise<{ received: string; code: unknown }> {
    const closed = deferred();
    let received = '';
    let code: unknown = null;
    near.on('data', (chunk) => {
      received += chunk.toString();
    });
    near.on('error', (error) => {
      code = 'code' in error ? error.code : error;
    });
    near.on('close', () => {
      closed.resolve();
    });
    await closed.promise;
    return { received, code };
  }

  it.each([
    ['an answer', 1],
    ['an answer', 3],
    ['', 1],
  ])('has what came before the other side was gone, %j, after %d writes', async (said, writes) => {
    const { near, far } = await connected();
    readOnWhenWritesFail(near);
    far.write(said);
    far.resetAndDestroy();
    for (let write = 0; write < writes; write++) near.write('more');
    expect(await lastOf(near)).toEqual({ received: said, code: 'ECONNRESET' });
  });
});
