import { describe, expect, it } from '@jest/globals';
import { errorFields } from './error-fields.js';

describe('errorFields', () => {
  it('keeps name, message, code and stack', () => {
    const error = Object.assign(new TypeError('it broke'), { code: 'EBROKEN' });
    expect(errorFields(error)).toEqual({
      type: 'TypeError',
      message: 'it broke',
      code: 'EBROKEN',
      stack: error.stack,
    });
  });

  it('leaves out what hangs on the error, such as the request with its headers', () => {
    const error = Object.assign(new Error('no answer'), {
      config: { headers: { authorization: 'Bearer sk-sentinel' } },
    });
    expect(JSON.stringify(errorFields(error))).not.toContain('sk-sentinel');
  });

  it('follows causes', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    expect(errorFields(error).cause?.message).toBe('inner');
  });

  it('stops after four causes, so that a ring of causes ends', () => {
    const error = new Error('ring');
    error.cause = error;
    const { cause } = errorFields(error);
    expect(cause?.cause?.cause?.cause?.message).toBe('ring');
    expect(cause?.cause?.cause?.cause?.cause).toBeUndefined();
  });

  it.each([
    ['text', { type: 'string', message: 'text' }],
    [undefined, { type: 'undefined', message: '' }],
    [{ key: 'sk-sentinel' }, { type: 'object', message: '' }],
  ])('tells the type of a thrown %j', (thrown, expected) => {
    expect(errorFields(thrown)).toEqual(expected);
  });
});
