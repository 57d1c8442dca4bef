import { describe, expect, it } from '@jest/globals';
import { Secret } from '../config/secret.js';
import { selfAddress } from './self-address.js';

const TLS = { cert: '', key: new Secret('') };

describe('selfAddress', () => {
  it.each([
    ['0.0.0.0', 8080, null, 'http://127.0.0.1:8080/health/live'],
    ['::', 8080, null, 'http://[::1]:8080/health/live'],
    ['::1', 9000, null, 'http://[::1]:9000/health/live'],
    ['10.0.0.7', 8443, TLS, 'https://10.0.0.7:8443/health/live'],
  ])('of a gateway on %s port %i is reachable from inside', (host, port, tls, address) => {
    expect(selfAddress({ listen: { host, port }, tls })).toBe(address);
  });
});
