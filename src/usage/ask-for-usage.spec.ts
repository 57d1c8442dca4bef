import { describe, expect, it } from '@jest/globals';
import { withUsageAsked } from './ask-for-usage.js';

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
    ['asks for no stream any more', '{"stream":false,"stream_options":{}}'],
    ['never asked for a stream', '{"model":"m"}'],
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
