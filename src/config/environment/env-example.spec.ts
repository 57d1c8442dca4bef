import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { loadConfig } from '../load-config.js';

const text = readFileSync('.env.example', 'utf8');

describe('.env.example', () => {
  it('lists every variable', () => {
    expect(Object.keys(parseEnv(text)).sort()).toEqual([
      'API_REQUEST_TIMEOUT',
      'DATABASE_URL',
      'DEBUG',
      'LISTEN_ADDR',
      'LISTEN_PORT',
      'LLM_PARAMS',
      'OPENAI_API_KEY',
      'PORT',
      'SLUICE_CONFIG',
      'TARGET_BASE_URL',
      'THINK_END_TAG',
      'THINK_TAG',
      'UPSTREAM',
      'UPSTREAM_HOST',
      'UPSTREAM_PORT',
    ]);
  });

  it('changes nothing when it is copied as it is', () => {
    const withDotenv = (dotenv: string) =>
      loadConfig({
        env: { UPSTREAM: 'http://h' },
        cwd: '/srv',
        readFile: (path) => {
          if (path === '/srv/.env') return dotenv;
          throw Object.assign(new Error(path), { code: 'ENOENT' });
        },
      });
    expect(withDotenv(text)).toEqual(withDotenv(''));
  });
});
