import { describe, expect, it } from '@jest/globals';
import { storableJson } from './storable-text.js';

/** What a reader of the JSON sees of a text that was made storable. */
function stored(text: string): unknown {
  return JSON.parse(storableJson(JSON.stringify(text)));
}

describe('storableJson', () => {
  it('puts U+FFFD in place of NUL and of half a surrogate pair', () => {
    expect(stored('a\u0000b')).toBe('a\ufffdb');
    expect(stored('\ud83d')).toBe('\ufffd');
    expect(stored('\udc00\ud83d')).toBe('\ufffd\ufffd');
    expect(stored('\u0000\u0000')).toBe('\ufffd\ufffd');
  });

  it('leaves everything else as it is', () => {
    for (const text of ['', '😀', '\u0001\u001f\n\t"\\', '\ufffd', '\\u0000', '\\\\ud800']) {
      expect(stored(text)).toBe(text);
    }
  });

  it('counts the backslashes before an escape', () => {
    expect(stored('\\\u0000')).toBe('\\\ufffd');
    expect(stored('\\\\\ud800')).toBe('\\\\\ufffd');
    expect(stored('\\u0000\u0000')).toBe('\\u0000\ufffd');
  });
});
