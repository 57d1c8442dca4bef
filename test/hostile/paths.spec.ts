import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numRuns } from '../fuzz/fuzz-runs.js';
import { type AttackOutcome, useAttackScene } from './attack-scene.js';

const scene = useAttackScene();

function get(target: string, fields: readonly string[] = []): Promise<AttackOutcome> {
  const lines = [`GET ${target} HTTP/1.1`, 'Host: localhost', ...fields];
  return scene().attack(`${lines.join('\r\n')}\r\n\r\n`);
}

afterEach(() => {
  expect(scene().upstream.faults).toEqual([]);
});

describe('a path of Sluice itself', () => {
  it.each([
    ...['/health', '/health/live', '/health?x', '/metrics', '/metrics?/v1/models', '/analytics'],
    ...['/analytics/summary', '/health/', '/health//live', '/health/../v1/models', '/health/..'],
    ...['/health/%2e%2e/v1/models', '/metrics/..%2fv1', '/metrics/..;/v1', '/analytics/%2e%2e/x'],
    ...['/health/\\..\\v1', '/health/%', '/metrics/%00', '/analytics/;/x', '/health/live#/v1'],
    ...['http://evil.test/metrics', 'HTTP://evil.test/analytics', 'https://evil.test/health/live'],
    ...['http://user:pass@evil.test:1/health', 'http:///health', 'http://evil.test\\@x/metrics'],
    ...['http://%2f/metrics', 'http://[::1]:80/metrics?x', 'http://evil.test:99999/health'],
  ])('is answered here and reaches no backend, however it goes on: %s', async (target) => {
    const { statuses, carried } = await get(target);
    expect(carried).toEqual([]);
    expect(statuses).toHaveLength(1);
  });
});

describe('a path that is none of Sluice itself', () => {
  it.each([
    ...['/%68ealth', '/%61nalytics', '/%6Detrics', '/analytic%73', '/metrics%2f', '/analytics%00'],
    ...[
      '/analytics%2fsummary',
      '/analytics%3fx',
      '/analytics%23',
      '/analytics%20',
      '/analytics%09',
    ],
    ...[
      '/%2fanalytics',
      '/%2e/analytics',
      '/%2e%2e/analytics',
      '/%252e%252e/metrics',
      '/%5canalytics',
    ],
    ...[
      '/analytics;x=1',
      '/analytics;/summary',
      '/analytics..;/',
      '/analytics.',
      '/analytics.json',
    ],
    ...[
      '/analytics\\',
      '/analytics\\summary',
      '/\\analytics',
      '\\/analytics',
      '/analytics#x',
      '/analytics:80',
    ],
    ...['/Analytics', '/ANALYTICS/summary', '/Metrics', '/HEALTH', '/analyticsx', '/_analytics'],
    ...[
      '//analytics',
      '///metrics',
      '//health//live',
      '/./metrics',
      '/.//metrics',
      '/x/../metrics',
    ],
    ...[
      '/v1/../metrics',
      '/v1/%2e%2e/metrics',
      '/v1/..;/metrics',
      '/v1/..%2fmetrics',
      '/v1/..%5cmetrics',
    ],
    ...[
      '/v1/..\\metrics',
      '/v1/.../metrics',
      '/v1/metrics',
      '/v1/analytics/summary',
      '/?/analytics',
    ],
    ...['/@evil.test/', '/http://evil.test/', '//evil.test/v1/models', '/v1@evil.test/', '/:80/'],
    ...[
      '/v1/http://169.254.169.254/latest',
      '/v1/files/..%2f..%2f..%2fetc%2fpasswd',
      '/v1/%00',
      '/%ff',
    ],
    ...[
      '/v1/%0d%0aX-Injected:%20y',
      '/v1/models?x=%0d%0aHost:evil',
      '/v1/%',
      '/v1/%zz',
      '/v1/%u0041',
    ],
  ])('reaches the one backend byte for byte: %s', async (target) => {
    const { statuses, carried } = await get(target);
    if (!target.startsWith('/')) {
      expect([statuses, carried]).toEqual([[400], []]);
      return;
    }
    expect(statuses).toEqual([200]);
    expect(carried.map((request) => request.target)).toEqual([target]);
  });

  it.each([
    ['http://evil.test/%61nalytics', '/%61nalytics'],
    ['http://evil.test//analytics', '//analytics'],
    ['http://evil.test/./metrics', '/./metrics'],
    ['http://evil.test?/metrics', '/?/metrics'],
    ['http://evil.test/http://other.test/metrics', '/http://other.test/metrics'],
    ['http://127.0.0.1:1/v1/models', '/v1/models'],
    ['https://api.openai.com@evil.test/v1/models', '/v1/models'],
  ])('in absolute form goes to the one backend: %s', async (target, path) => {
    const { carried } = await get(target);
    expect(carried.map((request) => request.target)).toEqual([path]);
  });

  it.each([
    ...['health', 'analytics', 'metrics/', '*', '?/analytics', '#', '@evil.test/', 'evil.test:80'],
    ...['ftp://evil.test/analytics', 'file:///etc/passwd', 'http:/analytics', 'http:analytics'],
    ...[
      'http://evil.test#/metrics',
      'x:/analytics',
      '://evil.test/',
      'javascript:alert(1)',
      'https:metrics',
      'http//evil.test/',
    ],
    ...[
      'ws://evil.test/v1',
      'gopher://evil.test/_x',
      'HTTP:\\\\evil.test\\x',
      '%2fanalytics',
      '.',
      '..',
    ],
  ])('is refused where it is no path at all: %s', async (target) => {
    const { statuses, carried } = await get(target);
    expect([statuses, carried]).toEqual([[400], []]);
  });
});

describe('fields that name another host or path', () => {
  it.each([
    ['Host', 'Host: evil.test'],
    ['X-Forwarded-Host', 'X-Forwarded-Host: evil.test'],
    ['Forwarded', 'Forwarded: host=evil.test;proto=https'],
    ['X-Original-URL', 'X-Original-URL: /metrics'],
    ['X-Rewrite-URL', 'X-Rewrite-URL: /analytics'],
    ['X-HTTP-Method-Override', 'X-HTTP-Method-Override: DELETE'],
    ['a backend in x-sluice-backend', 'x-sluice-backend: evil'],
    ['a claim of the connection', 'Connection: host, x-request-id, x-forwarded-for'],
  ])('change neither the backend nor the path: %s', async (_name, line) => {
    const { upstream } = scene();
    const bytes = line.startsWith('Host:') ? `${line}\r\n` : `Host: a\r\n${line}\r\n`;
    const { carried } = await scene().attack(`GET /v1/models HTTP/1.1\r\n${bytes}\r\n`);
    const [request] = carried;
    expect([request?.method, request?.target]).toEqual(['GET', '/v1/models']);
    expect(request?.fields.filter(([name]) => name === 'host')).toEqual([
      ['host', `127.0.0.1:${upstream.port}`],
    ]);
    expect(request?.fields.filter(([name]) => name.startsWith('x-sluice-'))).toEqual([]);
  });
});

describe('any target', () => {
  const piece = fc.constantFrom(
    ...[
      '/',
      '//',
      '/.',
      '/..',
      '\\',
      ';',
      '?',
      '#',
      '@',
      ':',
      '%',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      '%61',
    ],
    ...[
      '/v1',
      '/health',
      '/metrics',
      '/analytics',
      '/live',
      'nalytics',
      'http://',
      'https://x',
      'x.test',
    ],
    ...['/v1/models', '/models', 'HTTP://', '*', '&', '=', '"', '<', '|', '^', '`', '{', '~'],
  );
  const target = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

  it('is answered here when its path says so to the letter, else it goes through, or is refused', async () => {
    const runs = { numRuns: Math.ceil(numRuns / 5) };
    await fc.assert(
      fc.asyncProperty(target, async (any) => {
        const absolute = /^https?:\/\/[^/?#]*/i.exec(any)?.[0];
        const rest = absolute === undefined ? any : any.slice(absolute.length);
        const path = absolute === undefined || rest.startsWith('/') ? rest : `/${rest}`;
        const { statuses, carried } = await get(any);
        const isOwn = /^\/(?:health|metrics|analytics)(?:[/?]|$)/.test(path);
        // Of an authority the parser takes less than there is.
        const isRefused = !path.startsWith('/') || (absolute !== undefined && statuses[0] === 400);
        if (isRefused) expect([statuses, carried]).toEqual([[400], []]);
        else if (isOwn) expect(carried).toEqual([]);
        // The unversioned paths of the API are below the base path of the backend.
        else expect([path, `/v1${path}`]).toContain(carried[0]?.target ?? statuses);
      }),
      runs,
    );
  });
});
