import { afterEach, describe, expect, it } from '@jest/globals';
import { requestText } from '../support/client/http-text.js';
import { limits } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { type AttackOutcome, useAttackScene } from './attack-scene.js';

const SMUGGLED = 'GET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

const REFUSED = { statuses: [400], isClosed: true, carried: [] };

const CHUNKED = 'Transfer-Encoding: chunked';

const scene = useAttackScene({ limits: limits({ requestMs: 500 }) });

const { scene: scriptedScene } = useScenes();

function post(lines: readonly string[], body: string): string {
  return `${['POST /v1/files HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** What reached the backend, in an order that does not depend on which was whole first. */
function seen({ carried }: AttackOutcome): readonly string[] {
  return carried.map(({ method, target, body }) => `${method} ${target} ${body}`.trim()).sort();
}

afterEach(() => {
  expect(scene().upstream.faults).toEqual([]);
});

describe('a length', () => {
  it.each([
    ...[
      '+5',
      '-5',
      '- 5',
      '0x5',
      '5h',
      '5.0',
      '5e0',
      '5_0',
      '5,5',
      '5, 5',
      '5,6',
      '5;5',
      '5 5',
      '',
    ],
    ...[
      "5'",
      '"5"',
      'five',
      '\x0b5',
      '5\x0b',
      '5\x0c',
      '\xa05',
      '5\xa0',
      '5\x00',
      '\x005',
      '5\x85',
    ],
    ...['5\r\n 6', '\r\n 5', '5\n', '5\r', '5\rX: y', '5\nX: y', '\xb2', '\uff15'],
    ...['18446744073709551616', '18446744073709551621', '99999999999999999999', '9'.repeat(400)],
    ...['9007199254740992', '9007199254740993', '9223372036854775807', '9223372036854775808'],
  ])('is refused where it is no plain number: %j', async (length) => {
    const attack = post([`Content-Length: ${length}`], `hello${SMUGGLED}`);
    expect(await scene().attack(attack)).toEqual(REFUSED);
  });

  it.each([
    ['5', '5'],
    ['5', '6'],
    ['0', '5'],
    ['5', '0'],
    ['5', ''],
    ['5', '+5'],
    ['05', '5'],
  ])('is refused when it is given twice: %j and %j', async (first, second) => {
    const lines = [`Content-Length: ${first}`, 'X: y', `content-length: ${second}`];
    expect(await scene().attack(post(lines, `hello${SMUGGLED}`))).toEqual(REFUSED);
  });

  it.each([
    ...['Content_Length: 5', 'content_length: 0', 'CONTENT_LENGTH: 5', 'Content-Length : 5'],
    ...['Content Length: 5', ' Content-Length: 5', '\tContent-Length: 5', 'Content-Length\x00: 5'],
    ...[
      'Content-Length\x0b: 5',
      '\x00Content-Length: 5',
      'Content-Length:\n5',
      'Content-Length\n:5',
    ],
    ...['X: y\nContent-Length: 5', 'X: y\rContent-Length: 5', 'X: y\r\n Content-Length: 5'],
    ...['Content-Length: 5\nX: y', 'Content-\r\n Length: 5', 'Content-Length\t: 5'],
  ])('is refused under a rotten name, alone and beside a proper one: %j', async (line) => {
    for (const lines of [[line], [line, 'Content-Length: 0'], ['Content-Length: 0', line]]) {
      expect(await scene().attack(post(lines, `hello${SMUGGLED}`))).toEqual(REFUSED);
    }
  });

  it.each(['5', '0005', ' 5', '5 ', '\t5\t'])(
    'counts when it is one number: %j',
    async (length) => {
      const outcome = await scene().attack(post([`Content-Length: ${length}`], `hello${SMUGGLED}`));
      expect([outcome.statuses, outcome.isClosed]).toEqual([[200, 200], false]);
      expect(seen(outcome)).toEqual(['GET /v1/smuggled', 'POST /v1/files hello']);
    },
  );

  it('that is longer than the body keeps what follows in the body, until it stalls', async () => {
    const outcome = await scene().attack(post(['Content-Length: 4294967301'], SMUGGLED));
    expect(outcome).toEqual({ statuses: [408], isClosed: true, carried: [] });
  });
});

describe('chunks', () => {
  it.each([
    ...[
      '+5\r\nhello\r\n',
      '-5\r\nhello\r\n',
      ' 5\r\nhello\r\n',
      '5 \r\nhello\r\n',
      '5\t\r\nhello\r\n',
    ],
    ...[
      '0x5\r\nhello\r\n',
      '5h\r\nhello\r\n',
      'g\r\nhello\r\n',
      '\r\nhello\r\n',
      '5.0\r\nhello\r\n',
    ],
    ...['5,\r\nhello\r\n', '5\x00\r\nhello\r\n', '\x0b5\r\nhello\r\n', '5\x0c\r\nhello\r\n'],
    ...[
      '5;\r\nhello\r\n',
      '5; a=b\r\nhello\r\n',
      '5 ;a=b\r\nhello\r\n',
      '5;a="b\r\n"\r\nhello\r\n',
    ],
    ...[
      '5;a\nb\r\nhello\r\n',
      '5;a\rb\r\nhello\r\n',
      '5;\x00\r\nhello\r\n',
      '5;a=\x01\r\nhello\r\n',
    ],
    ...[
      '5\nhello\r\n',
      '5\rhello\r\n',
      '5\r\nhello\n',
      '5\r\nhello\r',
      '5\r\nhello',
      '5\r\nhelloXX',
    ],
    ...[
      '5\r\nhell\r\n',
      '5\r\nhello!\r\n',
      '5\r\n\nhello\r\n',
      '5\r\r\nhello\r\n',
      '5\r\nhello\r\n\r\n',
    ],
    ...['10000000000000005\r\nhello\r\n', 'fffffffffffffffff\r\nhello\r\n', '1\r\nhello\r\n'],
  ])('that are malformed are refused: %j', async (chunk) => {
    const outcome = await scene().attack(post([CHUNKED], `${chunk}0\r\n\r\n${SMUGGLED}`));
    expect(outcome).toEqual(REFUSED);
  });

  it.each([
    ...[
      '0\r\n\n',
      '0\n\r\n',
      '0\n\n',
      '0\r\r',
      '-0\r\n\r\n',
      '0x0\r\n\r\n',
      '0 \r\n\r\n',
      '0\r\n\rX',
    ],
    ...[
      '0\r\nX : y\r\n\r\n',
      '0\r\nX\r\n\r\n',
      '0\r\n X: y\r\n\r\n',
      '0\r\nX: y\n\r\n',
      '0\r\nX: \x00\r\n\r\n',
    ],
    ...['0\r\nContent-Length: 5\r\n\r\n', '0\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ...['0\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n'],
  ])('that end wrongly are refused: %j', async (end) => {
    const outcome = await scene().attack(post([CHUNKED], `5\r\nhello\r\n${end}${SMUGGLED}`));
    expect(outcome).toEqual(REFUSED);
  });

  it('are refused when their extensions fill memory', async () => {
    const extension = `5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`;
    const outcome = await scene().attack(post([CHUNKED], `${extension}${SMUGGLED}`));
    expect(outcome).toEqual({ statuses: [413], isClosed: true, carried: [] });
  });

  it.each([
    ...['5\r\nhello\r\n0\r\n\r\n', '05\r\nhello\r\n00\r\n\r\n', '5;a=b\r\nhello\r\n0;c\r\n\r\n'],
    ...['5;a="b"\r\nhello\r\n0\r\n\r\n', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'],
    ...[`${'0'.repeat(25)}5\r\nhello\r\n0\r\n\r\n`],
    ...[
      '5\r\nhello\r\n0\r\nX: y\r\n\r\n',
      '5\r\nhello\r\n0\r\nHost: evil\r\nAuthorization: x\r\n\r\n',
    ],
  ])('reach the backend without extensions and trailers: %j', async (chunks) => {
    const outcome = await scene().attack(post([CHUNKED], chunks + SMUGGLED));
    expect([outcome.statuses, outcome.isClosed]).toEqual([[200, 200], false]);
    expect(seen(outcome)).toEqual(['GET /v1/smuggled', 'POST /v1/files hello']);
    const names = outcome.carried.flatMap(({ fields }) => fields.map(([name]) => name));
    expect(names).not.toContain('x');
    expect(names).not.toContain('authorization');
  });

  it('of a chat request are read as one body, and leave as one', async () => {
    const body = '{"model":"m","messages":["x"]}';
    const chunks = Array.from(body, (character) => `1;x=y\r\n${character}\r\n`).join('');
    const head = requestText('POST /v1/chat/completions', { headers: [CHUNKED] });
    const outcome = await scene().attack(`${head}${chunks}0\r\nX: y\r\n\r\n`);
    expect(seen(outcome)).toEqual([`POST /v1/chat/completions ${body}`]);
    const [carried] = outcome.carried;
    expect(carried?.fields).toContainEqual(['content-length', '30']);
  });
});

describe('lines', () => {
  const get = (lines: string): string => `GET /v1/x HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;

  it.each([
    ...['GET /v1/x HTTP/1.1\nHost: a\n\n', 'GET /v1/x HTTP/1.1\r\nHost: a\r\n\n'],
    ...['GET /v1/x HTTP/1.1\nHost: a\r\n\r\n', 'GET /v1/x HTTP/1.1\r\nHost: a\n\r\n'],
    ...['GET /v1/x HTTP/1.1\rHost: a\r\r', 'GET /v1/x HTTP/1.1\r\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x HTTP/1.1\r\n Host: a\r\n\r\n', 'GET /v1/x HTTP/1.1\r\n\tHost: a\r\n\r\n'],
    ...['GET\t/v1/x\tHTTP/1.1\r\nHost: a\r\n\r\n', 'GET /v1/x y HTTP/1.1\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x HTTP/1.1 \r\nHost: a\r\n\r\n', ' GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x\x0bHTTP/1.1\r\nHost: a\r\n\r\n', 'GET\xa0/v1/x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x HTTP/1.2\r\nHost: a\r\n\r\n', 'GET /v1/x HTTP/2.0\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x HTTP/3.0\r\nHost: a\r\n\r\n', 'GET /v1/x HTTP/0.9\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x HTTP/1.10\r\nHost: a\r\n\r\n', 'GET /v1/x http/1.1\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x HTTP/1.\r\nHost: a\r\n\r\n', 'GET /v1/x HTTPS/1.1\r\nHost: a\r\n\r\n'],
    ...['GET /v1/x\r\nHost: a\r\n\r\n', 'GET\r\n\r\n', '\x00GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ...['get /v1/x HTTP/1.1\r\nHost: a\r\n\r\n', 'GETT /v1/x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ...['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03'],
    ...['GET /v1/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'GET /v1/x HTTP/1.1\r\n\r\n'],
    ...[
      'GET /v1/x HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n',
      'GET /v1/x HTTP/1.1\r\nHost: a\r\n b\r\n\r\n',
    ],
    ...[
      'GET /v1/x HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n',
      'GET /v1/x HTTP/1.1\r\nHost : a\r\n\r\n',
    ],
    ...[
      'GET /v1/x HTTP/1.1\r\nHost: a\x00b\r\n\r\n',
      'GET /v1/x HTTP/1.1\r\nHost: a\r\n\x00\r\n\r\n',
    ],
    // Own paths answer themselves, and just as little what comes behind a doubtful request.
    ...['GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'GET /metrics HTTP/1.1\r\n\r\n'],
  ])('that are no request are refused, with all behind them: %j', async (bytes) => {
    expect(await scene().attack(bytes + SMUGGLED)).toEqual(REFUSED);
  });

  it.each([
    ...[
      'X: y\r\n z\r\n',
      'X: y\r\n\tz\r\n',
      'X:\r\n y\r\n',
      ': y\r\n',
      'X\r\n',
      'X y\r\n',
      ' : y\r\n',
    ],
    ...[
      'X : y\r\n',
      'X\t: y\r\n',
      'X@: y\r\n',
      'X(y): z\r\n',
      'X/y: z\r\n',
      'X\xe9: y\r\n',
      'X\x7f: y\r\n',
    ],
  ])('that are no field are refused, with all behind them: %j', async (line) => {
    expect(await scene().attack(get(line) + SMUGGLED)).toEqual(REFUSED);
  });

  it('that hold a control character are refused, whichever it is', async () => {
    const refused: number[] = [];
    for (let code = 0; code < 256; code++) {
      const character = String.fromCharCode(code);
      if (character === '\n') continue;
      const { statuses } = await scene().attack(get(`X: a${character}b\r\n`));
      if (statuses[0] === 400) refused.push(code);
    }
    // RFC 9110 §5.5: only the tab is left of them.
    const controls = Array.from({ length: 32 }, (_, code) => code);
    expect(refused).toEqual([...controls.filter((code) => code !== 9 && code !== 10), 127]);
  });

  it('that hold bytes beyond ASCII pass as those bytes', async () => {
    const outcome = await scene().attack(get('X: \x80\xe9\xff\r\n'));
    expect(outcome.carried[0]?.fields).toContainEqual(['x', '\x80\xe9\xff']);
  });
});

describe('requests behind one another', () => {
  it('are carried each for itself', async () => {
    const bytes = [1, 2, 3].map((number) => requestText(`GET /v1/${number}`)).join('');
    const outcome = await scene().attack(bytes);
    expect(outcome.statuses).toEqual([200, 200, 200]);
    expect(seen(outcome)).toEqual(['GET /v1/1', 'GET /v1/2', 'GET /v1/3']);
  });

  it('are dropped behind one that is the last by its own words', async () => {
    const last = requestText('POST /v1/files', { headers: ['Connection: close'], body: 'hello' });
    const outcome = await scene().attack(last + SMUGGLED);
    expect(outcome.isClosed).toBe(true);
    expect(seen(outcome)).not.toContain('GET /v1/smuggled');
  });

  it.each([
    ['GET', 'GET /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n', 'GET /v1/x'],
    ['OPTIONS', 'OPTIONS /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n', 'OPTIONS /v1/x'],
    [
      'an upgrade',
      'POST /v1/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 38\r\n\r\n',
      'POST /v1/x',
    ],
    [
      'fields that the connection claims',
      'POST /v1/x HTTP/1.1\r\nHost: a\r\nConnection: content-length, transfer-encoding, host, x-request-id\r\nContent-Length: 38\r\n\r\n',
      'POST /v1/x',
    ],
  ])('are told from a body that nobody expects: %s', async (_what, head, line) => {
    const outcome = await scene().attack(head + SMUGGLED);
    expect([outcome.statuses.slice(0, 1), outcome.isClosed]).toEqual([[200], false]);
    expect(seen(outcome)).toEqual([`${line} ${SMUGGLED}`.trim()]);
  });

  it('are told from the body of a HEAD', async () => {
    const { client, upstream } = await scriptedScene((turn) => turn.json('{}'));
    const sender = await client();
    const head = 'HEAD /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n';
    sender.send(head + SMUGGLED);
    expect((await sender.head()).status).toBe(200);
    sender.send(requestText('GET /v1/next'));
    expect((await sender.reply()).body).toBe('{}');
    expect(upstream.requests.map(({ target }) => target)).toEqual(['/v1/x', '/v1/next']);
  });

  it('that are no HTTP are never answered within the reply to the one before', async () => {
    const goOn = deferred();
    const { client } = await scriptedScene(async (turn) => {
      await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf');
      await goOn.promise;
      await turn.write('half');
    });
    const sender = await client();
    sender.send(requestText('GET /v1/x'));
    await sender.reader.until((received) => received.endsWith('half'));
    sender.send('no HTTP\r\n\r\n');
    goOn.resolve();
    await sender.ended();
    expect(sender.reader.received.endsWith('\r\n\r\nhalfhalf')).toBe(true);
  });
});
