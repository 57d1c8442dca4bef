import { describe, expect, it } from '@jest/globals';
import { modelCallAt } from './model-call.js';

describe('modelCallAt', () => {
  it.each([
    ['/v1/chat/completions', { completion: 'chat', isRepeatable: true }],
    ['/chat/completions', { completion: 'chat', isRepeatable: true }],
    ['/v1/completions', { completion: 'legacy', isRepeatable: true }],
    ['/completions', { completion: 'legacy', isRepeatable: true }],
    ['/v1/embeddings', { completion: null, isRepeatable: true }],
    ['/messages', { completion: null, isRepeatable: true }],
    ['/v1/responses', { completion: null, isRepeatable: false }],
    ['/v1/images/generations', { completion: null, isRepeatable: false }],
    ['/audio/speech', { completion: null, isRepeatable: false }],
  ])('knows %s', (path, call) => {
    expect(modelCallAt(path)).toEqual(call);
  });

  it.each([
    '/v1/chat/completions/',
    '/v1/chat/completions/chat-1',
    '/v1/v1/completions',
    '/v2/completions',
    '/v1completions',
    '/v1/models',
    '/v1/audio/transcriptions',
    '/v1',
    '/',
    '',
  ])('takes %j for none', (path) => {
    expect(modelCallAt(path)).toBeNull();
  });
});
