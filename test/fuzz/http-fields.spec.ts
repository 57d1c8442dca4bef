import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from '../../src/backends/state/retry-after.js';
import { headerValue, isEventStream } from '../../src/exchange/reply/reply-head.js';
import { requestIdOf } from '../../src/exchange/request/request-id.js';
import { isOwnTarget, routedUrl } from '../../src/exchange/target/own-paths.js';
import { parseRequestTarget } from '../../src/exchange/target/request-target.js';
import { hasForeignCoding, replyHeaders } from '../../src/proxy/headers.js';
import { upstreamPath } from '../../src/proxy/path-rule.js';
import { numRuns } from './fuzz-runs.js';

const target = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '?',
        '#',
        'http://',
        'HTTPS://',
        'x.test',
        '@',
        ':80',
        '%2f',
        '..',
        '\\',
      ),
      fc.constantFrom(
        '/v1',
        '/v1/',
        '/health',
        '/metrics',
        '/analytics',
        '/models',
        '/chat/completions',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const NAMES = [
  ...[
    'Connection',
    'connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'X',
  ],
  ...[
    'Proxy-Connection',
    'Proxy-Authorization',
    'Content-Length',
    '__proto__',
    'constructor',
    'X-A',
  ],
];
const VALUES = [
  '',
  'close',
  'keep-alive',
  'x, X-A',
  ' X-A ,,x',
  'chunked',
  'Content-Length',
  '__proto__',
];

const fields = fc.array(
  fc.tuple(
    fc.oneof(fc.constantFrom(...NAMES), fc.string()),
    fc.oneof(fc.constantFrom(...VALUES), fc.string()),
  ),
  { maxLength: 8 },
);

describe('any request target', () => {
  it('is a path and a query that give it back, or none', () => {
    fc.assert(
      fc.property(target, (text) => {
        const parsed = parseRequestTarget(text);
        if (parsed === null) {
          expect(text).not.toMatch(/^(?:\/|https?:\/\/)/i);
          return;
        }
        const { path, query } = parsed;
        expect(path.startsWith('/')).toBe(true);
        expect(path).not.toContain('?');
        expect(query === '' || query.startsWith('?')).toBe(true);
        const authority = text.startsWith('/')
          ? ''
          : (/^https?:\/\/[^/?#]*/i.exec(text)?.[0] ?? '');
        const rest = text.slice(authority.length);
        expect([rest, `/${rest}`]).toContain(path + query);
      }),
      { numRuns },
    );
  });

  it('is for Sluice itself only when it begins so to the letter', () => {
    fc.assert(
      fc.property(target, (text) => {
        expect(isOwnTarget(text)).toBe(/^\/(?:health|metrics|analytics)(?:$|[/?])/.test(text));
      }),
      { numRuns },
    );
  });

  it('is routed as it is or nowhere', () => {
    fc.assert(
      fc.property(target, (text) => {
        expect([text, '/nothing']).toContain(routedUrl(text));
      }),
      { numRuns },
    );
  });

  it('stays below the base path of a backend, or as it is', () => {
    fc.assert(
      fc.property(target, fc.constantFrom('/v1', '/api/v1', '/openai'), (text, basePath) => {
        const { path } = parseRequestTarget(text) ?? { path: '/' };
        const [, versioned] = /^\/v1(\/[^]*)$/.exec(path) ?? [];
        const expected = versioned === undefined ? [path, basePath + path] : [basePath + versioned];
        expect(expected).toContain(upstreamPath(basePath, path));
      }),
      { numRuns },
    );
  });
});

describe('any header fields', () => {
  it('lose what concerns one connection and nothing else', () => {
    fc.assert(
      fc.property(fields, fc.constantFrom(200, 204), (pairs, status) => {
        const claimed = pairs
          .filter(([name]) => name.toLowerCase() === 'connection')
          .flatMap(([, value]) => value.split(','))
          .map((option) => option.trim().toLowerCase());
        const hopByHop = [
          ...['connection', 'proxy-connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding'],
          ...['upgrade', 'proxy-authenticate', 'proxy-authorization'],
          ...(status === 204 ? ['content-length'] : []),
        ];
        const kept = pairs.filter(([name]) => {
          const lower = name.toLowerCase();
          return !hopByHop.includes(lower) && !claimed.includes(lower);
        });
        const isPlain = claimed.every((option) => option !== 'close' && option !== 'keep-alive');
        const expected = isPlain
          ? kept
          : kept.filter(([name]) => !/^(?:close|keep-alive)$/i.test(name));
        const result = replyHeaders(pairs.flat(), status);
        expect(result.length % 2).toBe(0);
        expect(result).toEqual(expected.flat());
      }),
      { numRuns },
    );
  });

  it('are looked up without a prototype', () => {
    fc.assert(
      fc.property(fields, fc.constantFrom(...NAMES), (pairs, name) => {
        const lower = name.toLowerCase();
        const found = pairs.find(([candidate]) => candidate.toLowerCase() === lower);
        expect(headerValue(pairs.flat(), lower)).toBe(found?.[1] ?? null);
      }),
      { numRuns },
    );
  });

  it('name chunks once or a coding that is foreign', () => {
    fc.assert(
      fc.property(fields, (pairs) => {
        const codings = pairs
          .filter(([name]) => name.toLowerCase() === 'transfer-encoding')
          .map(([, value]) => value.toLowerCase());
        const isOurs = codings.length === 0 || (codings.length === 1 && codings[0] === 'chunked');
        expect(hasForeignCoding(pairs.flat())).toBe(!isOurs);
      }),
      { numRuns },
    );
  });

  it('tell an event stream by its type alone', () => {
    const type = fc.constantFrom(
      'text/event-stream',
      'TEXT/Event-Stream',
      'text/event-streams',
      'text/event',
    );
    const rest = fc.constantFrom('', ' ', ';', '; charset=utf-8', ',x', 'x', '\t;');
    fc.assert(
      fc.property(type, rest, (name, parameters) => {
        const isStream = name.toLowerCase() === 'text/event-stream' && !/^[,x]/.test(parameters);
        expect(isEventStream(['Content-Type', name + parameters])).toBe(isStream);
      }),
      { numRuns },
    );
  });
});

describe('any value', () => {
  it('of Retry-After is a pause within bounds, or none', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^-?\d{0,15}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(text, fc.nat(), (value, wallMs) => {
        const pauseMs = retryAfterMs(value, wallMs);
        if (pauseMs === null) return;
        expect(pauseMs).toBeGreaterThanOrEqual(0);
        expect(pauseMs).toBeLessThanOrEqual(MAX_RETRY_AFTER_MS);
      }),
      { numRuns },
    );
  });

  it('of a request id is one that fits in a header and a log line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w.-]{0,140}$/)), (offered) => {
        const id = requestIdOf(offered);
        expect(id).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
        if (/^[A-Za-z0-9._-]{1,128}$/.test(offered)) expect(id).toBe(offered);
      }),
      { numRuns },
    );
  });
});
