import { describe, expect, it } from '@jest/globals';
import { readTraceparent } from './traceparent.js';

const VALID = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('readTraceparent', () => {
  it.each([
    ['of the known version', VALID, VALID],
    ['of a later one', VALID.replace('00-', 'cc-'), VALID.replace('00-', 'cc-')],
    [
      'of a later one that says more',
      `${VALID.replace('00-', '01-')}-more`,
      VALID.replace('00-', '01-'),
    ],
  ])('takes one %s', (_which, field, kept) => {
    expect(readTraceparent(field)).toBe(kept);
  });

  it.each([
    ['none', null],
    ['what is empty', ''],
    ['the version that is invalid', VALID.replace('00-', 'ff-')],
    ['more than the known version has', `${VALID}-more`],
    ['a longer flag', `${VALID.replace('00-', '01-')}0`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent id of zeros', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
    ['upper case', VALID.toUpperCase()],
    ['two of them', `${VALID}, ${VALID}`],
  ])('refuses %s', (_which, field) => {
    expect(readTraceparent(field)).toBeNull();
  });
});
