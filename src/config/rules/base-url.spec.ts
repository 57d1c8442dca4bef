import { describe, expect, it } from '@jest/globals';
import { readBaseUrl } from './base-url.js';

describe('readBaseUrl', () => {
  it.each([
    ['https://api.openai.com/v1', 'https://api.openai.com', '/v1'],
    ['http://127.0.0.1:1234', 'http://127.0.0.1:1234', '/v1'],
    ['http://127.0.0.1:1234/', 'http://127.0.0.1:1234', '/v1'],
    ['http://host/v1/', 'http://host', '/v1'],
    ['http://host/openai/v2//', 'http://host', '/openai/v2'],
    ['HTTPS://Host.Example:443/v1', 'https://host.example', '/v1'],
    ['http://[::1]:8000/v1', 'http://[::1]:8000', '/v1'],
    ['http://host/a%20b', 'http://host', '/a%20b'],
  ])('reads %s', (text, origin, path) => {
    expect(readBaseUrl(text)).toEqual({ kind: 'url', url: { origin, path } });
  });

  it.each([
    ['', 'must be a URL'],
    ['host:1234', 'must begin with http'],
    ['127.0.0.1:1234/v1', 'must be a URL'],
    ['//host/v1', 'must be a URL'],
    ['ftp://host/v1', 'must begin with http'],
    ['file:///etc/passwd', 'must begin with http'],
    ['http://user@host/v1', 'must not hold credentials'],
    ['http://:pw@host/v1', 'must not hold credentials'],
    ['http://host/v1?key=1', 'must not have a query'],
    ['http://host/v1?', 'must not have a query'],
    ['http://host/v1#', 'must not have a query'],
    ['http://ho\nst/v1', 'must be a URL'],
    ['http://host/a b', 'must be a URL'],
    ['http://host/\u0000', 'must be a URL'],
    ['http://', 'must be a URL'],
    ['http://host:99999', 'must be a URL'],
  ])('refuses %j', (text, problem) => {
    expect(readBaseUrl(text)).toMatchObject({
      kind: 'fault',
      problem: expect.stringContaining(problem),
    });
  });
});
