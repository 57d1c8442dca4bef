import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { chatText, requestText } from '../support/client/http-text.js';
import { type RawClient } from '../support/client/raw-client.js';
import { backend } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { DONE } from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const { scene, gatewayOf, clientOf } = useScenes();

const WAYS: [string, (client: RawClient) => void][] = [
  [
    'closes',
    (client) => {
      client.close();
    },
  ],
  [
    'resets',
    (client) => {
      client.reset();
    },
  ],
];

describe.each(WAYS)('a client that %s', (_how, leave) => {
  it('before the backend is connected ends the attempt to connect', async () => {
    // The first connection is the health probe's, the second the client's.
    const bothCame = deferred();
    const oneClosed = deferred();
    let connections = 0;
    const silent = createServer((socket) => {
      if (++connections === 2) bothCame.resolve();
      socket.on('error', () => undefined).resume();
      socket.on('close', oneClosed.resolve);
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    // The handshake is never answered, so the connection never stands.
    const slow = backend(`https://127.0.0.1:${address.port}`, { name: 'slow' });
    const timeouts = { ...slow.timeouts, connectMs: 0 };
    const gateway = await gatewayOf([{ ...slow, timeouts }]);
    const sender = await clientOf(gateway);
    sender.send(chatText());
    await bothCame.promise;
    leave(sender);
    await oneClosed.promise;
    expect((await gateway.nextFinished()).outcome).toBe('client_aborted');
    silent.close();
  });

  it('while its body is read ends the exchange', async () => {
    const { client, gateway, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const started = gateway.nextStarted();
    sender.send(chatText().slice(0, -5));
    await started;
    leave(sender);
    expect((await gateway.nextFinished()).outcome).toBe('client_aborted');
    expect(upstream.requests).toHaveLength(0);
  });

  it.each<[string, UpstreamScript, number]>([
    ['before the head', (turn) => turn.body().then(() => undefined), 0],
    [
      'in the middle of a body',
      async (turn) => {
        await turn.body();
        await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      },
      'half'.length,
    ],
    [
      'in the middle of a stream',
      async (turn) => {
        await turn.beginStream();
        await turn.chunk('data: {}\n\n');
      },
      'data: {}\n\n'.length,
    ],
  ])('%s closes the upstream connection', async (_when, begin, bytesOut) => {
    const began = deferred();
    const wasClosed = deferred();
    const { client, gateway } = await scene(async (turn) => {
      await begin(turn);
      began.resolve();
      await turn.closed();
      wasClosed.resolve();
    });
    const sender = await client();
    sender.send(chatText());
    await began.promise;
    if (bytesOut > 0) await sender.reader.until((text) => /half|data: \{\}\n\n/.test(text));
    leave(sender);
    await wasClosed.promise;
    const { outcome, facts, signal } = await gateway.nextFinished();
    expect([outcome, facts.bytesOut, signal.aborted]).toEqual(['client_aborted', bytesOut, true]);
  });

  it.each([
    ['[DONE]', ['data: {}\n\n', 'data: [DONE]\n\n']],
    ['[DONE] without the blank line', ['data: {}\n\ndata: [DONE]\n']],
    ['[DONE] in pieces', ['data: {}\n\nda', 'ta: [DO', 'NE]\r\n\r\n']],
    [
      'the end of a response',
      [
        'event: response.created\ndata: {"type":"response.created"}\n\nevent: response.comp',
        'leted\ndata: {"type":"response.completed","response":{"output":[',
        `"${'x'.repeat(70_000)}"]}}\n\n`,
      ],
    ],
    ['the end of a message', ['event: message_stop\ndata: {"type":"message_stop"}\n\n']],
  ])('after %s has the whole stream', async (_what, chunks) => {
    const { seen, outcome } = await leaving(chunks);
    expect([seen, outcome]).toEqual([chunks.join(''), 'completed']);
  });

  it.each([
    ['that writes about it', ['data: {"delta":"data: [DONE]"}\n\n']],
    ['that goes on behind it', ['data: [DONE]\n\n', 'data: {}\n\n']],
    ['that breaks off within its last event', ['event: response.completed\ndata: {"type":']],
  ])('in a stream %s aborts it', async (_what, chunks) => {
    expect((await leaving(chunks)).outcome).toBe('client_aborted');
  });

  /** What it saw of a stream of these chunks that the backend does not end, before it left. */
  async function leaving(chunks: readonly string[]) {
    const wasClosed = deferred();
    const reads = chunks.map(() => deferred());
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      for (const [index, chunk] of chunks.entries()) {
        await turn.chunk(chunk);
        await reads[index]?.promise;
      }
      await turn.closed();
      wasClosed.resolve();
    });
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    let seen = '';
    let length = 0;
    for (const [index, chunk] of chunks.entries()) {
      length += chunk.length;
      while (seen.length < length) seen += await sender.chunk();
      reads[index]?.resolve();
    }
    leave(sender);
    await wasClosed.promise;
    const { outcome } = await gateway.nextFinished();
    return { seen, outcome };
  }

  it('in the middle of an upload closes the upstream connection', async () => {
    const began = deferred();
    const wasClosed = deferred();
    const { client, gateway } = await scene(async (turn) => {
      began.resolve();
      await turn.closed();
      wasClosed.resolve();
    });
    const sender = await client();
    sender.send(requestText('POST /v1/files', { body: 'some file' }).slice(0, -5));
    await began.promise;
    leave(sender);
    await wasClosed.promise;
    expect((await gateway.nextFinished()).outcome).toBe('client_aborted');
  });

  it('with answers in line behind the one it waits for ends them all', async () => {
    const reached = deferred();
    const wasClosed = deferred();
    const answered = deferred();
    const { client, gateway } = await scene(async (turn) => {
      if (turn.request.target === '/v1/answered') {
        await turn.beginStream();
        await turn.chunk(DONE);
        answered.resolve();
      }
      if (turn.request.target === '/v1/first') reached.resolve();
      await turn.closed();
      if (turn.request.target === '/v1/last') wasClosed.resolve();
    });
    const sender = await client();
    const targets = ['/v1/first', '/v1/answered', '/v1/last'];
    sender.send(targets.map((target) => requestText(`GET ${target}`)).join(''));
    await Promise.all([reached.promise, answered.promise]);
    leave(sender);
    await wasClosed.promise;
    const outcomes = [];
    for (let count = 0; count < 3; count++) outcomes.push((await gateway.nextFinished()).outcome);
    expect(outcomes).toEqual(['client_aborted', 'client_aborted', 'client_aborted']);
  });
});
