import { describe, expect, it } from '@jest/globals';
import { tokensIn } from './tokens-in.js';

describe('tokensIn', () => {
  it.each([
    ['', 0],
    ['hello world', 2],
    ['Grüß dich, Welt!', 7],
    ['<|endoftext|>', 7],
  ])(
    "counts %j as OpenAI's models do since GPT-4o, special tokens as the text they are",
    (text, tokens) => {
      expect(tokensIn(text)).toBe(tokens);
    },
  );

  it('counts words of any length in little time', () => {
    expect(tokensIn('a'.repeat(262_144))).toBe(262_144 / 8);
    expect(tokensIn(' '.repeat(262_144))).toBeLessThan(10_000);
  });
});
