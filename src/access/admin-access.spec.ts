import { describe, expect, it } from '@jest/globals';
import { Secret } from '../config/secret.js';
import { adminRefusal, type AdminRequest } from './admin-access.js';

const LOCAL: AdminRequest = {
  authorization: null,
  remoteAddress: '127.0.0.1',
  host: '127.0.0.1:8080',
  fieldNames: ['host', 'user-agent'],
};

const KEY = new Secret('the-admin-key');

describe('access without an admin key', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('lets %s in', (address) => {
    expect(adminRefusal({ ...LOCAL, remoteAddress: address }, null)).toBeNull();
  });

  it.each(['10.0.0.7', '::ffff:10.0.0.7', '128.127.0.0', 'fe80::1', '::', ''])(
    'refuses %s and says what to set',
    (address) => {
      const refusal = adminRefusal({ ...LOCAL, remoteAddress: address }, null);
      expect(refusal?.code).toBe('invalid_api_key');
      expect(refusal?.message).toContain('settings.admin_key');
    },
  );

  it.each([
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
    'x-forwarded',
    'x-original-forwarded-for',
    'x-cluster-client-ip',
    'x-envoy-external-address',
    'x-envoy-internal',
    'fly-client-ip',
    'client-ip',
    'l5d-client-id',
  ])('refuses a request with %s: a proxy on this machine sent it for somebody', (name) => {
    const refusal = adminRefusal({ ...LOCAL, fieldNames: ['host', name] }, null);
    expect(refusal?.status).toBe(401);
  });

  it.each([
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    'sluice.localhost:80',
    '127.0.0.1',
    '127.9.9.9:1',
    '[::1]',
    '[::1]:8080',
    '[::ffff:127.0.0.1]:8080',
  ])('lets in who calls it %s', (host) => {
    expect(adminRefusal({ ...LOCAL, host }, null)).toBeNull();
  });

  it.each([
    null,
    '',
    'evil.test',
    'evil.test:8080',
    'localhost.evil.test',
    'evillocalhost',
    '127.0.0.1.evil.test',
    'localhost:80.evil.test',
    'localhost@evil.test',
    '0.0.0.0:8080',
    '[::1].evil.test',
    '[::2]',
  ])('refuses who calls it %p: a web page may have pointed that name here', (host) => {
    const refusal = adminRefusal({ ...LOCAL, host }, null);
    expect(refusal?.status).toBe(401);
    expect(refusal?.message).toContain('settings.admin_key');
  });

  it('does not take a bearer token instead', () => {
    const request = { ...LOCAL, remoteAddress: '10.0.0.7', authorization: 'Bearer null' };
    expect(adminRefusal(request, null)?.status).toBe(401);
  });
});

describe('access with an admin key', () => {
  it.each(['Bearer the-admin-key', 'bearer the-admin-key', 'BEARER  the-admin-key'])(
    'lets "%s" in from anywhere',
    (authorization) => {
      const request = {
        authorization,
        remoteAddress: '10.0.0.7',
        host: 'sluice.test',
        fieldNames: ['via'],
      };
      expect(adminRefusal(request, KEY)).toBeNull();
    },
  );

  it.each([
    null,
    '',
    'the-admin-key',
    'Bearer',
    'Bearer ',
    'Bearer the-admin-ke',
    'Bearer the-admin-key2',
    'Bearer [secret]',
    'Basic the-admin-key',
    'Bearer the-admin-key, Bearer x',
  ])('refuses %p, from this machine too', (authorization) => {
    const refusal = adminRefusal({ ...LOCAL, authorization }, KEY);
    expect(refusal?.status).toBe(401);
    expect(refusal?.headers).toEqual({ 'www-authenticate': 'Bearer realm="sluice"' });
    expect(refusal?.message).not.toContain('the-admin-key');
  });
});
