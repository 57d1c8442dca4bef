import { expect, it } from '@jest/globals';
import { describeConfig } from './describe-config.js';
import { loadConfig } from './load-config.js';

const written = {
  primary_backends: [
    {
      name: 'local',
      url: 'http://127.0.0.1:1234',
      model: 'a\u001b[31m',
      api_key: 'sk-sentinel',
      headers: { 'x-team': 'sentinel' },
      weight: 0.5,
      max_in_flight: 8,
      params: { set: { temperature: 0.7, user: 'sentinel' }, drop: ['seed', 'a\nb'] },
      timeout: { total: 0.5 },
      reasoning: { input: { open: '[T]', close: '[/T]' }, output: 'strip' },
    },
  ],
  fallback_backends: [{ name: 'cloud', url: 'https://cloud.example' }],
  models: {
    'fast "1"': {
      model: 'm',
      backends: ['local'],
      params: { default: { stop: ['sentinel'], n: null } },
      reasoning: { output: 'keep', history: 'strip' },
      append_to_last_user_message: '\n/no_think',
      affinity: 'header:X-Chat',
    },
    default: {},
  },
  settings: {
    listen: '[::]:80',
    keepalive: 0,
    affinity: 'prefix',
    queue: { max: 5, timeout: 2 },
    retries: { budget: 0.125 },
  },
};

it('says what a configuration means, secrets masked', () => {
  const config = loadConfig({
    env: {},
    cwd: '/srv',
    readFile: (path) => (path.endsWith('.json') ? JSON.stringify(written) : ''),
  });
  expect(describeConfig(config).split('\n')).toEqual([
    'listens on http://[::]:80',
    '  keepalive  never',
    '  limits     JSON body 33554432 B, target 8192 B, head 32768 B, 10000 exchanges at once, request 30 s',
    '  retries    at most 2 for a request, 12.5 % of recent requests',
    '  queue      at most 5 wait, 2 s each',
    '  affinity   by the first messages',
    '  drain      5 s unready, then up to 300 s',
    '  log        info',
    'backend "local" at http://127.0.0.1:1234/v1',
    '  key        its own, [secret]',
    '  models     *',
    '  asked for  "a\\u001b[31m", whatever was requested',
    '  headers    x-team: [secret]',
    '  weight     0.5',
    '  at once    at most 8',
    '  timeouts   connect 5 s, headers 600 s, first_token none, idle 600 s, total 0.5 s',
    '  params     set temperature = 0.7, user = [text]; drop seed, "a\\nb"',
    '  reasoning  input "[T]" to "[/T]", output strip, fields rewrite, history keep, harmony calls drop',
    '  health     GET /v1/models every 10 s',
    'fallback "cloud" at https://cloud.example/v1',
    "  key        the client's Authorization is passed on",
    '  models     *',
    '  weight     1',
    '  at once    any number',
    '  timeouts   connect 5 s, headers 600 s, first_token none, idle 600 s, total none',
    '  reasoning  input auto, output tags "<think>" and "</think>", fields keep, history keep, harmony calls drop',
    '  health     GET /v1/models every 10 s',
    'model "fast \\"1\\""',
    '  sent as    m',
    '  backends   local',
    '  params     default stop = [list], n = null',
    '  reasoning  output keep, history strip',
    '  appended   "\\n/no_think"',
    '  affinity   by the header x-chat',
    'model "default", for chat requests that name none',
    '  sent as    the requested name',
    '  backends   every one',
    '  affinity   by the first messages',
    'warning: Sluice sends a key of its own to "local" and listens on [::]:80: anyone who reaches that port spends the key. Keep the port private, or listen on 127.0.0.1.',
    '',
  ]);
});
