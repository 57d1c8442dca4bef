import { describe, expect, it } from '@jest/globals';
import { statusLabel } from './status-label.js';

describe('statusLabel', () => {
  it.each([
    [200, '200'],
    [503, '503'],
    [799, 'other'],
    [null, 'none'],
  ])('labels %s as %s', (status, label) => {
    expect(statusLabel(status)).toBe(label);
  });
});
