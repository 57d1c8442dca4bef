import { describe, expect, it } from '@jest/globals';
import { endpointOf } from './endpoint.js';

describe('endpointOf', () => {
  it.each([
    ['/v1/chat/completions', 'chat'],
    ['/chat/completions', 'chat'],
    ['/v1/completions', 'completions'],
    ['/v1/models', 'models'],
    ['/models/gpt-4o', 'models'],
    ['/v1/files/file-1/content', 'files'],
    ['/v1/unheard-of', 'other'],
    ['/api/tags', 'other'],
    ['/v1/', 'other'],
    ['/v1', 'other'],
    ['/', 'other'],
    ['', 'other'],
    ['/v1/__proto__', 'other'],
  ])('takes %s for %s', (path, endpoint) => {
    expect(endpointOf(path)).toBe(endpoint);
  });
});
