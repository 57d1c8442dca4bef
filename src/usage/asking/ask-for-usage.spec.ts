import { describe, expect, it } from '@jest/globals';
import { asksForStream, withUsageAsked } from './ask-for-usage.js';

describe('withUsageAsked', () => {
  it('changes no other character of the request', () => {
    expect(withUsageAsked('{"stream": true, "n":1.0, "x":12345678901234567890 }\n')).toBe(
      '{"stream": true, "n":1.0, "x":12345678901234567890 ,"stream_options":{"include_usage":true}}\n',
    );
  });

  it('adds to options that are there', () => {
    expect(withUsageAsked('{"stream_options":{"include_obfuscation":false},"stream":true}')).toBe(
      '{"stream_options":{"include_obfuscation":false,"include_usage":true},"stream":true}',
    );
    expect(withUsageAsked('{"stream":true,"stream_options":{ }}')).toBe(
      '{"stream":true,"stream_options":{"include_usage":true }}',
    );
  });

  it('asks where the client said that it does not want it', () => {
    expect(withUsageAsked('{"stream":true,"stream_options":{"include_usage": false}}')).toBe(
      '{"stream":true,"stream_options":{"include_usage": true}}',
    );
    expect(withUsageAsked('{"stream":true,"stream_options":null}')).toBe(
      '{"stream":true,"stream_options":{"include_usage":true}}',
    );
  });

  it.each([
    ['asks already', '{"stream":true,"stream_options":{"include_usage":true}}'],
    [
      'asks already with a letter escaped',
      '{"stream":true,"stream\\u005foptions":{"include_usage":true}}',
    ],
    ['has other options than an object', '{"stream":true,"stream_options":"usage"}'],
  ])('leaves a request alone that %s', (_, json) => {
    expect(withUsageAsked(json)).toBeNull();
  });

  it('is not misled by the name in a text', () => {
    expect(
      withUsageAsked('{"stream":true,"messages":[{"content":"what is stream_options?"}]}'),
    ).toBe(
      '{"stream":true,"messages":[{"content":"what is stream_options?"}],"stream_options":{"include_usage":true}}',
    );
  });
});

describe('asksForStream', () => {
  it.each([
    ['{"stream":true}', true],
    ['{"stream" : true , "n":1}', true],
    ['{"stream":false,"stream":true}', true],
    ['{"stream":false}', false],
    ['{"stream":null,"stream_options":{}}', false],
    ['{"stream":"true"}', false],
    ['{"tools":[{"stream":true}]}', false],
    ['{"stream":true', false],
  ])('of %s is %p', (json, expected) => {
    expect(asksForStream(json)).toBe(expected);
  });
});
