import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it.each([
    ['timout', ['total', 'timeout', 'tls'], 'timeout'],
    ['TIMEOUT', ['total', 'timeout'], 'timeout'],
    ['idel', ['idle', 'total'], 'idle'],
    ['primary_backend', ['settings', 'primary_backends'], 'primary_backends'],
    ['', ['abc', 'a'], 'a'],
    ['ab', ['ac', 'ad'], 'ac'],
  ])('finds for %j among %j %j', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  it('yields null without candidates', () => {
    expect(nearest('timeout', [])).toBeNull();
  });
});
