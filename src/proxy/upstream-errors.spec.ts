import { describe, expect, it } from '@jest/globals';
import { upstreamFailureOf } from './upstream-errors.js';

function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect' });
}

describe('upstreamFailureOf', () => {
  it('takes no failure to connect for one of TLS, be it to one address or to all of several', () => {
    const error = systemError('ENETDOWN');
    // What Node makes of a host with addresses of both families.
    const all = Object.assign(new AggregateError([error, systemError('EPERM')]), {
      code: 'ENETDOWN',
    });
    const kinds = [error, all].map((cause) => upstreamFailureOf(cause, 'connecting').kind);
    expect(kinds).toEqual(['unreachable', 'unreachable']);
  });

  it('takes what else fails before a byte is sent for TLS', () => {
    const error = Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' });
    expect(upstreamFailureOf(error, 'connecting').kind).toBe('untrusted');
  });
});
