import { describe, expect, it } from '@jest/globals';
import { ERROR_STATUS } from '../../src/exchange/exchange-error.js';
import { page } from '../support/documents.js';

const ENTRY = /^### `(\w+)`\n\n(\d{3})\b/gm;

describe('docs/faq.md', () => {
  it('has an entry for every error code, with its status', () => {
    const entries = [...page('docs/faq.md').text.matchAll(ENTRY)];
    expect(Object.fromEntries(entries.map(([, code, status]) => [code, Number(status)]))).toEqual(
      ERROR_STATUS,
    );
  });
});
