import { describe, expect, it } from '@jest/globals';
import { format, inspect } from 'node:util';
import { Secret } from './secret.js';

const secret = new Secret('sk-sentinel');

describe('Secret', () => {
  it('yields its value only to reveal', () => {
    expect(secret.reveal()).toBe('sk-sentinel');
  });

  it.each([
    ['a template', `Bearer ${String(secret)}`],
    ['JSON', JSON.stringify({ secret })],
    ['inspect', inspect({ secret }, { depth: null, showHidden: true })],
    ['format', format('%s %o %j', secret, secret, secret)],
    ['concatenation', ['', secret].join('')],
  ])('is masked in %s', (_way, text) => {
    expect(text).toContain('[secret]');
    expect(text).not.toContain('sentinel');
  });
});
