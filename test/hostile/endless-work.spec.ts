import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { createMarkerScanner } from '../../src/chat/dialects/marker-scanner.js';
import { PieceList } from '../../src/chat/rewrite/pipeline/piece.js';
import { TokenLedger } from '../../src/chat/rewrite/pipeline/token-ledger.js';
import { ConfigError } from '../../src/config/config-error.js';
import { type Variables } from '../../src/config/environment/environment.js';
import { loadConfig } from '../../src/config/load-config.js';
import { matchesGlob } from '../../src/config/typed/model-globs.js';
import { JsonEdits } from '../../src/wire/json/json-edits.js';
import { membersNamed } from '../../src/wire/json/json-span.js';
import { parseSpans } from '../../src/wire/json/parse-spans.js';
import { policyOf, rewriteJsonBytes, tagsOf } from '../conformance/rewriting.js';
import { chatText } from '../support/client/http-text.js';
import { useScenes } from '../support/gateway/scene.js';

/*
 * Inputs on which work that grows with the square of their size takes minutes, far beyond the time
 * limit of a test, and work that grows with their size a second. A test that only computes gives the
 * timer of that limit its turn at the end.
 */

const { scene } = useScenes();

const MANY = 600_000;

describe('a request that is all one thing', () => {
  it('is served though a name that is dropped stands in it 600,000 times', async () => {
    const body = `{"model":"m","messages":["x"]${',"u":1'.repeat(MANY)}}`;
    let received = '';
    const { client } = await scene(
      async (turn) => {
        received = await turn.body();
        await turn.json('{}');
      },
      { backend: { params: { set: [], default: [], drop: ['u'] } } },
    );
    const sender = await client();
    sender.send(chatText(body));
    expect((await sender.reply()).status).toBe(200);
    expect(received).toBe('{"model":"m","messages":["x"]}');
  });

  it('is refused though its brackets never close, or its strings, or its numbers', async () => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    for (const unit of ['[', '{"a":', '"', '\\', '1', '"a":1,', '[],', '\\ud800', '\\u', ' ']) {
      sender.send(chatText(`{"model":"m","messages":${unit.repeat(MANY)}`));
      expect((await sender.reply()).status).toBe(400);
    }
  });

  it('is served though it names a model as long as a body, and globs are all stars', async () => {
    const { client } = await scene((turn) => turn.json('{}'), {
      backend: { models: ['*a*a*a*a*a*a*a*a*a*b', '*?*?*?*?*?*?*?*?!'] },
    });
    const sender = await client();
    sender.send(chatText(`{"model":"${'a'.repeat(4_000_000)}","messages":["x"]}`));
    expect((await sender.reply()).status).toBe(404);
  });
});

describe('a reply that is all one thing', () => {
  it('crosses out a million tokens', async () => {
    const ledger = new TokenLedger();
    ledger.expect(Array.from({ length: 1_000_000 }, () => ({ token: 'a', entry: '0' })));
    let shown = 0;
    for (let count = 0; count < 1_000_000; count++) shown += ledger.crossOut(1, 'shown').length;
    await setImmediate();
    expect([shown, ledger.isEmpty]).toEqual([1_000_000, true]);
  });

  it('gathers the log probabilities of a text in 400,000 parts', async () => {
    const pieces = new PieceList();
    for (let count = 0; count < 400_000; count++) {
      pieces.content('a');
      pieces.logprobs(['0']);
    }
    const [piece] = pieces.take();
    await setImmediate();
    expect(piece?.kind === 'content' ? piece.logprobs?.length : 0).toBe(400_000);
  });

  it('takes apart 200,000 calls that a model wrote as text', async () => {
    const call = '<|start|>assistant<|channel|>commentary to=functions.f<|message|>{}<|call|>';
    const body = JSON.stringify({
      choices: [{ index: 0, message: { role: 'assistant', content: call.repeat(200_000) } }],
    });
    const policy = policyOf({ input: 'harmony', output: 'strip', harmonyCalls: 'tool_calls' });
    const written = Buffer.from(rewriteJsonBytes(policy, Buffer.from(body))).toString();
    await setImmediate();
    expect(written.split('"type":"function"')).toHaveLength(200_001);
  });

  it('finds no marker in a text of first characters', async () => {
    const scanner = createMarkerScanner(['<think>', '[THINK]', '◁think▷', '#']);
    const text = '<'.repeat(4_000_000);
    const place = scanner.find(text, 0, 'nothing');
    await setImmediate();
    expect(place).toBeNull();
  });

  it.each(['<think>', '</think>', '<think></think>', '<', '\n', '<|channel|>', '<|start|>', 'to='])(
    'is read in one go: %j',
    async (unit) => {
      const content = unit.repeat(200_000);
      const body = JSON.stringify({ choices: [{ index: 0, message: { content } }] });
      for (const input of [
        'auto',
        'think',
        'harmony',
        tagsOf({ scope: 'anywhere', close: '[x]' }),
      ] as const) {
        const policy = policyOf({ input, output: 'reasoning_content' });
        rewriteJsonBytes(policy, Buffer.from(body));
      }
      await setImmediate();
      expect(content).toHaveLength(200_000 * unit.length);
    },
  );

  it('loses 600,000 members of one name', async () => {
    const text = `{"a":1${',"b":2'.repeat(MANY)}}`;
    const root = parseSpans(text);
    if (root === null) throw new Error('refused');
    const edits = new JsonEdits(text);
    for (const found of membersNamed(root, 'b')) edits.removeMember(root, found);
    const edited = edits.apply();
    await setImmediate();
    expect(edited).toBe('{"a":1}');
  });
});

describe('patterns and texts of the configuration', () => {
  it.each([
    [`${'*a'.repeat(100)}b`, 'a'.repeat(20_000)],
    [`${'a*'.repeat(100)}b`, 'a'.repeat(20_000)],
    [`${'*?'.repeat(100)}b`, 'a'.repeat(20_000)],
    [`${'*'.repeat(1_000)}b`, 'a'.repeat(20_000)],
    [`${'*ab'.repeat(100)}c`, 'ab'.repeat(10_000)],
    [`${'(a+)+'.repeat(100)}$`, 'a'.repeat(20_000)],
    ['(a|a)*$', 'a'.repeat(20_000)],
  ])('match in bounded time: %#', async (glob, name) => {
    const isMatch = matchesGlob(glob, name);
    await setImmediate();
    expect(isMatch).toBe(false);
  });

  /** What loading says: faults, or nothing. */
  function loaded(file: object, env: Variables = {}): readonly unknown[] {
    try {
      loadConfig({
        env,
        cwd: '/srv',
        readFile: (path) => {
          if (path === '/srv/config.json') return JSON.stringify(file);
          throw Object.assign(new Error(path), { code: 'ENOENT' });
        },
      });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.faults;
    }
  }

  const UNITS = [
    '${',
    '${a',
    '$',
    '}{',
    '/',
    '\\u',
    '\\n',
    '::',
    '[',
    ' ',
    '\n',
    '*',
    'a,',
    '=',
    ';',
    '%',
  ];

  it.each(UNITS)('are read or refused in bounded time: %j', async (unit) => {
    const text = unit.repeat(200_000);
    const ended = `${text}x`;
    const file = {
      primary_backends: [
        {
          name: ended,
          url: `http://h${ended}`,
          models: [ended],
          api_key: ended,
          headers: { a: ended },
        },
        { name: 'b', url: `http://h/${ended}`, model: ended, health: { path: ended } },
      ],
      models: { [ended.slice(0, 1_000)]: { model: ended, append_to_last_user_message: ended } },
      settings: { listen: ended, log: { level: ended } },
    };
    const faults = [
      loaded(file),
      loaded({}, { LLM_PARAMS: `model=${ended}`, UPSTREAM: 'http://h' }),
      loaded({}, { LLM_PARAMS: ended, UPSTREAM: `http://h/${ended}` }),
      loaded({}, { LISTEN_ADDR: ended, UPSTREAM_HOST: ended, UPSTREAM_PORT: ended }),
    ];
    await setImmediate();
    expect(faults[0]).not.toEqual([]);
    expect(faults[3]).not.toEqual([]);
  });
});
