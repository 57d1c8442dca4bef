import { describe, expect, it } from '@jest/globals';
import { keptText, NOT_JSON, NOT_REDACTABLE } from './kept-text.js';
import { createRedaction } from './redaction.js';

const whole = (text: string): { text: string; isCut: boolean } => ({ text, isCut: false });

const mask = ({ text }: { readonly text: string }): string => text;

describe('keptText', () => {
  it('keeps the very text where nothing is to be redacted', () => {
    expect(keptText(whole('{ "a": 1.0 }'), { maxBytes: 100, redact: null, mask })).toBe(
      '{ "a": 1.0 }',
    );
  });

  it('cuts between two characters, and says so', () => {
    expect(keptText(whole('aé€'), { maxBytes: 6, redact: null, mask })).toBe('aé€');
    expect(keptText(whole('aé€'), { maxBytes: 5, redact: null, mask })).toBe('aé…');
    expect(keptText(whole('aé€'), { maxBytes: 2, redact: null, mask })).toBe('a…');
    expect(keptText({ text: 'ab', isCut: true }, { maxBytes: 2, redact: null, mask })).toBe('ab…');
  });

  it('redacts before it cuts', () => {
    const redact = createRedaction(['secret']);
    const text = JSON.stringify({ secret: 'x'.repeat(100), b: 2 });
    expect(keptText(whole(text), { maxBytes: 100, redact, mask })).toBe(
      '{"secret":"[redacted]","b":2}',
    );
  });

  it('keeps nothing of what is no JSON, or was cut, so that it could not be redacted', () => {
    const redact = createRedaction(['secret']);
    const options = { maxBytes: 100, redact, mask };
    expect(keptText({ text: '{"secret":"abc', isCut: true }, options)).toBe(NOT_REDACTABLE);
    expect(keptText(whole('not json'), options)).toBe(NOT_JSON);
  });

  it('takes keys out before it cuts', () => {
    const options = { maxBytes: 4, redact: null, mask: () => 'masked' };
    expect(keptText(whole('some key'), options)).toBe('mask…');
  });
});
