import { describe, expect, it } from '@jest/globals';
import { firstUsageIn, lastFinishIn, lastUsageIn } from './notes-in.js';

describe('lastUsageIn', () => {
  it('finds the last usage that is a whole object', () => {
    const text =
      '{"usage":{"input_tokens":1}} {"usage" : {"a":{"b":2},"output_tokens":2}, "usage":null} {"usage":{"input_tokens":';
    expect(lastUsageIn(text)).toEqual({ a: { b: 2 }, output_tokens: 2 });
    expect(firstUsageIn(text)).toEqual({ input_tokens: 1 });
  });

  it('finds the one that tells tokens among others that tell none', () => {
    const none = '{"usage":{}} {"usage":{"total_tokens":"3"}}';
    const text = `${none} {"usage":{"input_tokens":1}} ${none}`;
    expect(lastUsageIn(text)).toEqual({ input_tokens: 1 });
    expect(firstUsageIn(text)).toEqual({ input_tokens: 1 });
    expect(lastUsageIn(none)).toBeNull();
  });

  it('is not misled by texts that speak of usage', () => {
    const text = JSON.stringify({
      content: '"usage":{"input_tokens":1}',
      kind: 'usage',
      list: ['usage', {}],
    });
    expect(lastUsageIn(text)).toBeNull();
    expect(firstUsageIn(text)).toBeNull();
  });

  it('finds it at the very beginning and in nothing at all', () => {
    expect(lastUsageIn('"usage":{"input_tokens":1}}')).toEqual({ input_tokens: 1 });
    expect(lastUsageIn('"usage"')).toBeNull();
    expect(lastUsageIn('')).toBeNull();
  });
});

describe('lastFinishIn', () => {
  it("takes OpenAI's last reason, and Anthropic's where there is none", () => {
    expect(lastFinishIn('"finish_reason":null "finish_reason": "stop","stop_reason":"END"')).toBe(
      'stop',
    );
    expect(lastFinishIn('"finish_reason":"length" "finish_reason":null')).toBe('length');
    expect(lastFinishIn('"stop_reason":"end_turn"')).toBe('end_turn');
    expect(lastFinishIn('"finish_reason":null')).toBeNull();
  });
});
