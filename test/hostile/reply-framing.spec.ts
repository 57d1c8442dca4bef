import { describe, expect, it } from '@jest/globals';
import { requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { scene } = useScenes();

/** A reply that no request asked for: whoever gets it was given another's. */
const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';

const ok = (rest: string): string => `HTTP/1.1 200 OK\r\n${rest}`;

/** What a client sees of an attack: a whole reply, or what there was before it was cut. */
type Seen = { readonly status: number; readonly body: string } | 'cut';

interface Aftermath {
  readonly seen: Seen;
  /** What the next client got. */
  readonly next: string;
  /** Connections of the gateway that brought a request: one more than before when it gave one up. */
  readonly connections: number;
}

async function seenBy(client: RawClient): Promise<Seen> {
  try {
    const { status, body } = await client.reply();
    return { status, body };
  } catch {
    return 'cut';
  }
}

/** Lets a backend answer one request with the given bytes, and every other one as it should be. */
async function attackedWith(bytes: string): Promise<Aftermath> {
  const { client, upstream } = await scene(async (turn) => {
    if (turn.request.target === '/v1/next') return turn.json('"its own"');
    await turn.write(bytes);
  });
  const [victim, other] = [await client(), await client()];
  // An upload is not repeated, so that one attempt is all there is.
  victim.send(requestText('POST /v1/attack', { body: 'x' }));
  const seen = await seenBy(victim);
  other.send(requestText('GET /v1/next'));
  const { body } = await other.reply();
  return { seen, next: body, connections: upstream.connections };
}

const errorSaying = (message: string): Seen => ({
  status: 502,
  body: `{"error":{"message":"${message}","type":"upstream_error","code":"upstream_protocol","param":null}}`,
});

describe('a reply whose length is in doubt', () => {
  it.each([
    ['length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}'],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 46\r\n\r\n{}'],
    ['the same length twice', 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}'],
    ['a transfer coding of its own', 'Transfer-Encoding: gzip\r\n\r\n{}'],
    [
      'a transfer coding before chunks',
      'Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    [
      'a transfer coding behind chunks',
      'Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    ['chunks in chunks', 'Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    [
      'chunks twice',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    ['no coding', 'Transfer-Encoding:\r\n\r\n{}'],
    ['nearly chunks', 'Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['quoted chunks', 'Transfer-Encoding: "chunked"\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['chunks behind a vertical tab', 'Transfer-Encoding:\x0bchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['chunks under a rotten name', 'Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['a folded coding', 'Transfer-Encoding:\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ...[
      '+2',
      '-2',
      '0x2',
      '2,2',
      '2, 2',
      '2,3',
      '2.0',
      '2e0',
      '',
      '2;2',
      'two',
      '2\x0b',
      '\xb2',
    ].map((length) => [
      `the length ${JSON.stringify(length)}`,
      `Content-Length: ${length}\r\n\r\n{}`,
    ]),
    ...['99999999999999999999', '18446744073709551618', '9'.repeat(400)].map((length) => [
      `the length ${length.slice(0, 24)}`,
      `Content-Length: ${length}\r\n\r\n{}`,
    ]),
  ])('is a 502, and its connection is given up: %s', async (_what, rest) => {
    const { seen, next, connections } = await attackedWith(ok(`${rest}${POISON}`));
    expect(seen).toEqual({ status: 502, body: expect.stringContaining('malformed HTTP') });
    expect([next, connections]).toEqual(['"its own"', 2]);
  });
});

describe('a reply whose head is malformed', () => {
  it.each([
    ...[
      'HTTP/1.1 20 OK',
      'HTTP/1.1 2000 OK',
      'HTTP/1.1 abc',
      'HTTP/1.1  200 OK',
      'HTTP/1.1 -20 OK',
    ],
    ...['HTTP/1.1 +200 OK', 'HTTP/1.1\t200 OK', 'HTTP/1.1', 'HTTP/9.9 200 OK', 'HTTP/1.2 200 OK'],
    ...['HTTP/2 200', 'HTP/1.1 200 OK', 'ICY 200 OK', 'http/1.1 200 OK', '\x00HTTP/1.1 200 OK'],
    ...['<html>', 'GET / HTTP/1.1', '{"error":"x"}', 'SSH-2.0-OpenSSH_9.2', '-ERR unknown command'],
    ...['\x15\x03\x01\x00\x02\x02\x16', '\x00\x00\x06\x04\x00\x00\x00\x00\x00'],
    ...['HTTP/1.1 200 OK\rX: y', 'HTTP/1.1 200 OK\nX: y', ' HTTP/1.1 200 OK'],
  ])('is a 502, and its connection is given up: status line %j', async (line) => {
    const bytes = `${line}\r\nContent-Length: 2\r\n\r\n{}`;
    const { seen, next, connections } = await attackedWith(bytes);
    expect(seen).toEqual({ status: 502, body: expect.stringContaining('malformed HTTP') });
    expect([next, connections]).toEqual(['"its own"', 2]);
  });

  it.each([
    ...[
      'X: a\nSet-Cookie: b',
      'X: a\rSet-Cookie: b',
      'X: a\r\n b',
      'X: a\x00b',
      'X: a\x01b',
      'X: a\x7fb',
    ],
    ...[
      'X: a\x0bb',
      'X@: a',
      'X : a',
      'X\xe9: a',
      ': a',
      'X',
      ' X: a',
      'X\x00: a',
      'X\r: a',
      'X: a\x1b[2J',
    ],
  ])('is a 502, and its connection is given up: field %j', async (line) => {
    const bytes = ok(`${line}\r\nContent-Length: 2\r\n\r\n{}`);
    const { seen, next, connections } = await attackedWith(bytes);
    expect(seen).toEqual(errorSaying("backend 'local' answered with malformed HTTP"));
    expect([next, connections]).toEqual(['"its own"', 2]);
  });

  it('is a 502 when the head is larger than any head', async () => {
    const bytes = ok(`X: ${'a'.repeat(270_000)}\r\nContent-Length: 2\r\n\r\n{}`);
    const { seen, next, connections } = await attackedWith(bytes);
    expect(seen).toEqual({
      status: 502,
      body: expect.stringContaining('UND_ERR_HEADERS_OVERFLOW'),
    });
    expect([next, connections]).toEqual(['"its own"', 2]);
  });
});

describe('a reply that is odd but clear', () => {
  it.each([
    ['names that objects have', '__proto__: a\r\nconstructor: b\r\ntoString: c'],
    ['bytes beyond ASCII', 'X: \x80\xe9\xff'],
    ['a status phrase of any bytes', 'X: y'],
    ['white space behind values', 'X: a \t\r\nConnection: keep-alive \r\nX:\t'],
    ['claims of the connection', 'Connection: content-length, x-request-id, date'],
    ['an upgrade nobody asked for', 'Connection: upgrade\r\nUpgrade: h2c'],
    ['5,000 fields', 'X: y\r\n'.repeat(5_000).trimEnd()],
  ])('is passed on, and its connection serves again: %s', async (_what, lines) => {
    const bytes = `HTTP/1.1 200 O\xffK\r\n${lines}\r\nContent-Length: 2\r\n\r\n{}`;
    const { seen, next, connections } = await attackedWith(bytes);
    expect(seen).toEqual({ status: 200, body: '{}' });
    expect([next, connections]).toEqual(['"its own"', 1]);
  });

  it.each([
    ['Content-Length: 2 ', '{}'],
    ['Content-Length:\t2\t \t', '{}'],
    ['Transfer-Encoding: chunked ', '2\r\n{}\r\n0\r\n\r\n'],
    ['Transfer-Encoding:chunked\t', '2\r\n{}\r\n0\r\n\r\n'],
  ])('is as long as it says with white space behind it: %j', async (line, body) => {
    const { seen, next, connections } = await attackedWith(ok(`${line}\r\n\r\n${body}`));
    expect(seen).toEqual({ status: 200, body: '{}' });
    expect([next, connections]).toEqual(['"its own"', 1]);
  });

  it.each([600, 999])('keeps its status, even %d', async (status) => {
    const { seen } = await attackedWith(`HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\n{}`);
    expect(seen).toEqual({ status, body: '{}' });
  });

  it('says nothing of its own about how Sluice and its client speak', async () => {
    const { client } = await scene((turn) =>
      turn.write(
        ok(
          'Connection: close, x-a\r\nX-A: b\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\n{}',
        ),
      ),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/x'));
    const { headerLines, body } = await sender.reply();
    expect(body).toBe('{}');
    expect(headerIn(headerLines, 'x-a')).toBeNull();
    expect(headerIn(headerLines, 'connection')).not.toBe('close');
  });
});

describe('more than one reply', () => {
  it.each([
    ['bytes behind the body', `${ok('Content-Length: 2\r\n\r\n{}')}extra`],
    ['a second answer', ok('Content-Length: 2\r\n\r\n{}') + POISON],
    [
      'a second answer behind chunks',
      ok('Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n') + POISON,
    ],
    [
      'an interim answer behind the last',
      `${ok('Content-Length: 2\r\n\r\n{}')}HTTP/1.1 100 Continue\r\n\r\n`,
    ],
  ])('reaches nobody, and the connection is given up: %s', async (_what, bytes) => {
    const { seen, next, connections } = await attackedWith(bytes);
    expect(seen).toEqual({ status: 200, body: '{}' });
    expect([next, connections]).toEqual(['"its own"', 2]);
  });

  it.each([
    ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison', 204],
    [
      '204 in chunks',
      'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n6\r\npoison\r\n0\r\n\r\n',
      204,
    ],
    ['304 with a body', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 46\r\n\r\n' + POISON, 304],
  ])('reaches nobody, nor does a body where there is none: %s', async (_what, bytes, status) => {
    const { seen, next, connections } = await attackedWith(bytes);
    expect(seen).toEqual({ status, body: '' });
    expect([next, connections]).toEqual(['"its own"', 2]);
  });

  it('reaches nobody when it is the body of an answer to HEAD', async () => {
    const { client, upstream } = await scene(async (turn) => {
      if (turn.request.method === 'GET') return turn.json('"its own"');
      await turn.write(`HTTP/1.1 200 OK\r\nContent-Length: ${POISON.length}\r\n\r\n${POISON}`);
    });
    const [victim, other] = [await client(), await client()];
    victim.send(requestText('HEAD /v1/attack'));
    expect((await victim.head()).status).toBe(200);
    other.send(requestText('GET /v1/next'));
    expect((await other.reply()).body).toBe('"its own"');
    expect(upstream.connections).toBe(2);
  });

  it('reaches nobody when it comes while the connection rests', async () => {
    const goOn = deferred();
    const wasGivenUp = deferred();
    const { client, upstream } = await scene(async (turn) => {
      if (turn.request.target === '/v1/next') return turn.json('"its own"');
      await turn.write(ok('Content-Length: 2\r\n\r\n{}'));
      await goOn.promise;
      await turn.write(POISON);
      await turn.closed();
      wasGivenUp.resolve();
    });
    const sender = await client();
    sender.send(requestText('GET /v1/attack'));
    expect((await sender.reply()).body).toBe('{}');
    goOn.resolve();
    await wasGivenUp.promise;
    sender.send(requestText('GET /v1/next'));
    expect((await sender.reply()).body).toBe('"its own"');
    expect(upstream.connections).toBe(2);
  });
});

describe('interim replies', () => {
  it.each([
    ['103', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'],
    ['102, a thousand times', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000)],
    ['199 that claims a body', 'HTTP/1.1 199 X\r\nContent-Length: 5\r\n\r\n'],
  ])('are not passed on, and the connection serves again: %s', async (_what, interim) => {
    const { seen, next, connections } = await attackedWith(
      interim + ok('Content-Length: 2\r\n\r\n{}'),
    );
    expect(seen).toEqual({ status: 200, body: '{}' });
    expect([next, connections]).toEqual(['"its own"', 1]);
  });

  it.each([
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['101 without a protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['100 that was not asked for', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['000', 'HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\n{}'],
    ['099', 'HTTP/1.1 099 X\r\nContent-Length: 2\r\n\r\n{}'],
  ])('that are none are a 502, and the connection is given up: %s', async (_what, interim) => {
    const { seen, next, connections } = await attackedWith(interim + POISON.replace('200', '2x0'));
    expect(seen).toEqual({ status: 502, body: expect.stringContaining('upstream_protocol') });
    expect([next, connections]).toEqual(['"its own"', 2]);
  });
});

describe('a body that is not what it said', () => {
  it.each([
    ...[
      '+2\r\n{}\r\n0\r\n\r\n',
      '-2\r\n{}\r\n0\r\n\r\n',
      '0x2\r\n{}\r\n0\r\n\r\n',
      ' 2\r\n{}\r\n0\r\n\r\n',
    ],
    ...['2 \r\n{}\r\n0\r\n\r\n', '2\n{}\r\n0\r\n\r\n', '2\r\n{}0\r\n\r\n', '2\r\n{}x\r\n0\r\n\r\n'],
    ...['zz\r\n{}\r\n0\r\n\r\n', '\r\n{}\r\n0\r\n\r\n', '10000000000000002\r\n{}\r\n0\r\n\r\n'],
    ...['2;a\nb\r\n{}\r\n0\r\n\r\n', '2\r\n{}\r\n0\r\n\n', '2\r\n{}\r\n0\r\nno trailer\r\n\r\n'],
    ...[
      '2\r\n{}\r\n0\r\nContent-Length: 3\r\n\r\n',
      '2\r\n{}\r\n-0\r\n\r\n',
      '2\r\n{}\r\n0\r\nX: \x00\r\n\r\n',
    ],
  ])('is cut, never ended, and the connection is given up: %j', async (chunks) => {
    const { seen, next, connections } = await attackedWith(
      ok(`Transfer-Encoding: chunked\r\n\r\n${chunks}`),
    );
    expect(seen).toBe('cut');
    expect([next, connections]).toEqual(['"its own"', 2]);
  });

  it('is cut when its trailers are larger than any head', async () => {
    const trailers = `X: ${'a'.repeat(70_000)}\r\n`.repeat(5);
    const { seen, next, connections } = await attackedWith(
      ok(`Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n${trailers}\r\n`),
    );
    expect(seen).toBe('cut');
    expect([next, connections]).toEqual(['"its own"', 2]);
  });

  it.each([
    ['extensions', '2;a=b\r\n{}\r\n0;c="d"\r\n\r\n'],
    ['trailers', '2\r\n{}\r\n0\r\nX-Sluice-Backend: evil\r\nSet-Cookie: a=b\r\n\r\n'],
  ])('loses its %s on the way', async (_what, chunks) => {
    const { client } = await scene((turn) =>
      turn.write(ok(`Transfer-Encoding: chunked\r\n\r\n${chunks}`)),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/x'));
    await sender.reader.until((received) => received.endsWith('0\r\n\r\n'));
    expect(sender.reader.received).toMatch(/\r\n\r\n2\r\n\{\}\r\n0\r\n\r\n$/);
    expect(sender.reader.received).not.toContain('evil');
    expect(sender.reader.received).not.toContain('Set-Cookie');
  });

  it('is not taken for the next reply when it is shorter than its length', async () => {
    const { client, upstream } = await scene(async (turn) => {
      if (turn.request.target === '/v1/next') return turn.json('"its own"');
      await turn.write(ok('Content-Length: 100\r\n\r\n{}'));
    });
    const [victim, other] = [await client(), await client()];
    victim.send(requestText('GET /v1/attack'));
    await victim.reader.until((received) => received.endsWith('{}'));
    other.send(requestText('GET /v1/next'));
    expect((await other.reply()).body).toBe('"its own"');
    expect(victim.reader.received.endsWith('{}')).toBe(true);
    expect(upstream.connections).toBe(2);
  });
});

describe('an answer before its time', () => {
  const CHUNKED = ['Transfer-Encoding: chunked'];

  /** Answers as soon as the head is there, and takes none of the body. */
  async function answerEarly(turn: UpstreamTurn): Promise<void> {
    if (turn.request.target === '/v1/next') return turn.json('"its own"');
    await turn.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig');
  }

  it.each([
    ['of a known length', ['Content-Length: 1000000'], 'x'.repeat(1_000)],
    ['in chunks', CHUNKED, '5\r\nhello\r\n'],
  ])('reaches the client while its upload %s goes on', async (_what, headers, body) => {
    const { client, upstream } = await scene(answerEarly);
    const [uploader, other] = [await client(), await client()];
    uploader.send(requestText('POST /v1/files', { headers }) + body);
    const { status, body: answer } = await uploader.reply();
    expect([status, answer]).toEqual([413, 'big']);
    other.send(requestText('GET /v1/next'));
    expect((await other.reply()).body).toBe('"its own"');
    // Half of an upload is still to come on the first.
    expect(upstream.connections).toBe(2);
  });

  it('does not make the rest of the upload a request', async () => {
    const { client, upstream } = await scene(answerEarly);
    const uploader = await client();
    uploader.send(requestText('POST /v1/files', { headers: CHUNKED }) + '5\r\nhello\r\n');
    expect((await uploader.reply()).status).toBe(413);
    const smuggled = requestText('GET /v1/smuggled');
    uploader.send(`${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`);
    uploader.send(requestText('GET /v1/next'));
    expect((await uploader.reply()).body).toBe('"its own"');
    expect(upstream.requests.map(({ target }) => target)).toEqual(['/v1/files', '/v1/next']);
  });

  it('of a stream flows while the upload is still going up', async () => {
    const { client } = await scene(async (turn) => {
      await turn.write(ok('Transfer-Encoding: chunked\r\n\r\n'));
      await turn.chunk('begun');
      await turn.chunk(await turn.body());
      await turn.endStream();
    });
    const uploader = await client();
    uploader.send(requestText('POST /v1/files', { headers: CHUNKED }) + '4\r\noh, \r\n');
    await uploader.head();
    expect(await uploader.chunk()).toBe('begun');
    uploader.send('5\r\nhello\r\n0\r\n\r\n');
    expect(await uploader.chunk()).toBe('oh, hello');
    expect(await uploader.chunk()).toBe('');
  });
});
