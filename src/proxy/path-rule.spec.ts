import { describe, expect, it } from '@jest/globals';
import { upstreamPath } from './path-rule.js';

describe('upstreamPath', () => {
  it.each([
    // versioned: the base path takes the place of /v1
    ['/v1', '/v1/models', '/v1/models'],
    ['/api/v3', '/v1/models', '/api/v3/models'],
    ['/api/v3', '/v1/unheard/of', '/api/v3/unheard/of'],
    ['/api/v3', '/v1/', '/api/v3/'],
    ['/api/v3', '/v1//models', '/api/v3//models'],
    // known and unversioned: appended
    ['/v1', '/chat/completions', '/v1/chat/completions'],
    ['/v1', '/completions', '/v1/completions'],
    ['/v1', '/models/gpt-4o', '/v1/models/gpt-4o'],
    ['/v1', '/files', '/v1/files'],
    ['/v1', '/files/f-1/content', '/v1/files/f-1/content'],
    ['/v1', '/audio/speech', '/v1/audio/speech'],
    ['/v1', '/images/generations', '/v1/images/generations'],
    ['/v1', '/responses/r-1', '/v1/responses/r-1'],
    ['/v1', '/vector_stores/v/files', '/v1/vector_stores/v/files'],
    // anything else: the origin, unchanged
    ['/api/v3', '/', '/'],
    ['/api/v3', '/v1', '/v1'],
    ['/api/v3', '/v2/models', '/v2/models'],
    ['/api/v3', '/v1beta/models', '/v1beta/models'],
    ['/api/v3', '/filesystem', '/filesystem'],
    ['/api/v3', '/modelsX', '/modelsX'],
    ['/api/v3', '/audio', '/audio'],
    ['/api/v3', '/chat', '/chat'],
    ['/api/v3', '/%6dodels', '/%6dodels'],
    ['/api/v3', '//models', '//models'],
  ])('below %s: %s is %s', (basePath, path, expected) => {
    expect(upstreamPath(basePath, path)).toBe(expected);
  });
});
