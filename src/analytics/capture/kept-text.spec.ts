import { describe, expect, it } from '@jest/globals';
import { keptText, NOT_REDACTABLE } from './kept-text.js';
import { createRedaction } from './redaction.js';

const whole = (text: string): { text: string; isCut: boolean } => ({ text, isCut: false });

describe('keptText', () => {
  it('keeps the very text where nothing is to be redacted', () => {
    expect(keptText(whole('{ "a": 1.0 }'), { maxBytes: 100, redact: null })).toBe('{ "a": 1.0 }');
  });

  it('cuts between two characters, and says so', () => {
    expect(keptText(whole('aé€'), { maxBytes: 6, redact: null })).toBe('aé€');
    expect(keptText(whole('aé€'), { maxBytes: 5, redact: null })).toBe('aé…');
    expect(keptText(whole('aé€'), { maxBytes: 2, redact: null })).toBe('a…');
    expect(keptText({ text: 'ab', isCut: true }, { maxBytes: 2, redact: null })).toBe('ab…');
  });

  it('redacts before it cuts', () => {
    const redact = createRedaction(['secret']);
    const text = JSON.stringify({ secret: 'x'.repeat(100), b: 2 });
    expect(keptText(whole(text), { maxBytes: 100, redact })).toBe('{"secret":"[redacted]","b":2}');
  });

  it('keeps nothing of what was cut before it could be redacted', () => {
    const redact = createRedaction(['secret']);
    const options = { maxBytes: 100, redact };
    expect(keptText({ text: '{"secret":"abc', isCut: true }, options)).toBe(NOT_REDACTABLE);
    expect(keptText(whole('not json'), options)).toBe('not json');
  });
});
