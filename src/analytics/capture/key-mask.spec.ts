import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../config/secret.js';
import { createKeyMask } from './key-mask.js';

function maskOf(fields: Record<string, string>, ...secrets: readonly string[]) {
  return createKeyMask(
    { header: (name) => fields[name] ?? null },
    secrets.map((value) => new Secret(value)),
  );
}

const whole = (text: string) => ({ text, isCut: false });

describe('createKeyMask', () => {
  it.each([
    ['authorization', 'Bearer sk-client'],
    ['authorization', 'Basic sk-client'],
    ['authorization', 'sk-client'],
    ['api-key', 'sk-client'],
    ['x-api-key', 'sk-client'],
  ])("masks the client's key of %s: %s", (name, value) => {
    expect(maskOf({ [name]: value })(whole('bad sk-client, sk-client'))).toBe(
      'bad [redacted], [redacted]',
    );
  });

  it('masks the keys of the backend, the longer one first', () => {
    const mask = maskOf({}, 'sk-backend', 'sk-backend-2');
    expect(mask(whole('sk-backend-2 sk-backend'))).toBe('[redacted] [redacted]');
  });

  it('masks a key as JSON writes it', () => {
    expect(maskOf({}, 'sk/"slash"')(whole('sk\\/\\"slash\\" sk/\\"slash\\"'))).toBe(
      '[redacted] [redacted]',
    );
  });

  it('leaves no beginning of a key where the text was cut, nor takes an end for one', () => {
    const mask = maskOf({ 'x-api-key': 'sk-client' });
    expect(mask({ text: 'bad sk-clie', isCut: true })).toBe('bad [redacted]');
    expect(mask({ text: 'bad sk-clie', isCut: false })).toBe('bad sk-clie');
    expect(mask({ text: 'risks', isCut: true })).toBe('risks');
  });

  it('takes nothing shorter than eight characters for a key', () => {
    expect(maskOf({ authorization: 'Bearer EMPTY' })(whole('EMPTY'))).toBe('EMPTY');
    expect(maskOf({}, '1234567', '12345678')(whole('1234567 12345678'))).toBe('1234567 [redacted]');
  });
});
