import { describe, expect, it } from '@jest/globals';
import { writtenConfig } from '../../../test/support/gateway/config.js';
import { mayDecideStream } from './stream-parameters.js';

const LOCAL = { name: 'local', url: 'http://127.0.0.1:1/v1' };

describe('mayDecideStream', () => {
  it.each([
    [
      'of the settings',
      { primary_backends: [LOCAL], settings: { params: { set: { stream: true } } } },
    ],
    ['of a backend', { primary_backends: [{ ...LOCAL, params: { default: { stream: true } } }] }],
    [
      'of a fallback',
      {
        primary_backends: [LOCAL],
        fallback_backends: [{ ...LOCAL, name: 'b', params: { drop: ['stream'] } }],
      },
    ],
    [
      'of a model',
      { primary_backends: [LOCAL], models: { m: { params: { set: { stream: false } } } } },
    ],
  ])('finds a parameter %s', (_, file) => {
    expect(mayDecideStream(writtenConfig(file))).toBe(true);
  });

  it('finds none in other parameters', () => {
    const params = { set: { streams: true }, default: { n: 1 }, drop: ['stream_options'] };
    expect(
      mayDecideStream(writtenConfig({ primary_backends: [LOCAL], settings: { params } })),
    ).toBe(false);
  });
});
