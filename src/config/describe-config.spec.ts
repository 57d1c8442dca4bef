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
      timeout: { total: 0.5 },
      reasoning: { input: { open: '[T]', close: '[/T]' }, output: 'strip' },
    },
  ],
  settings: { listen: '[::]:80', keepalive: 0 },
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
    '  drain      5 s unready, then up to 300 s',
    '  log        info',
    'backend "local" at http://127.0.0.1:1234/v1',
    '  key        its own, [secret]',
    '  models     *',
    '  asked for  "a\\u001b[31m", whatever was requested',
    '  headers    x-team: [secret]',
    '  timeouts   connect 5 s, headers 600 s, first_token none, idle 600 s, total 0.5 s',
    '  reasoning  input "[T]" to "[/T]", output strip, fields rewrite',
    '  health     GET /v1/models every 10 s',
    'warning: Sluice sends a key of its own to "local" and listens on [::]:80: anyone who reaches that port spends the key. Keep the port private, or listen on 127.0.0.1.',
    '',
  ]);
});
