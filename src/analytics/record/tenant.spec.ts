import { describe, expect, it } from '@jest/globals';
import { type TenantConfig } from '../../config/typed/analytics-config.js';
import { tenantOf } from './tenant.js';

const CONFIG: TenantConfig = {
  headers: ['openai-project', 'openai-organization'],
  names: new Map([['0123456789ab', 'search team']]),
};

const tenant = (headers: Readonly<Record<string, string>>, fingerprint: string | null) =>
  tenantOf({ header: (name) => headers[name] ?? null }, fingerprint, CONFIG);

describe('the tenant', () => {
  it('is named by the first configured header that is there', () => {
    expect(tenant({ 'openai-project': ' proj ', 'openai-organization': 'org' }, 'a')).toBe('proj');
    expect(tenant({ 'openai-organization': 'org' }, '0123456789ab')).toBe('org');
  });

  it('is not named by a header that is not configured', () => {
    expect(tenant({ 'x-team': 'me' }, 'ffffffffffff')).toBe('ffffffffffff');
  });

  it('has the name of its fingerprint, else the fingerprint', () => {
    expect(tenant({}, '0123456789ab')).toBe('search team');
    expect(tenant({}, 'ffffffffffff')).toBe('ffffffffffff');
    expect(tenant({}, null)).toBeNull();
  });

  it.each([
    ['is empty', '  '],
    ['is longer than 128 characters', 'a'.repeat(129)],
    ['holds a control character', 'a\u001bb'],
    ['holds one of Latin-1', 'a\u0085b'],
  ])('is not named by a header that %s', (_what, value) => {
    expect(tenant({ 'openai-project': value, 'openai-organization': 'org' }, null)).toBe('org');
    expect(tenant({ 'openai-project': value }, '0123456789ab')).toBe('search team');
  });

  it('is named by a header of 128 characters', () => {
    expect(tenant({ 'openai-project': 'a'.repeat(128) }, null)).toBe('a'.repeat(128));
  });
});
