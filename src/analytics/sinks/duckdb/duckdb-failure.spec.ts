import { describe, expect, it } from '@jest/globals';
import { isFaultOfPlace } from '../../delivery/fault-of-place.js';
import { StoreError } from '../../store/store-error.js';
import { storeError } from './duckdb-failure.js';

describe('storeError', () => {
  it.each([
    'IO Error: Could not write file "a.duckdb.wal": No space left on device',
    'TransactionContext Error: Failed to commit: Could not write file "a.duckdb.wal": File too large',
    'FATAL Error: Failed: database has been invalidated because of a previous fatal error.',
  ])('takes %j for a fault of the place', (message) => {
    const error = storeError(new Error(message));
    expect(error).toMatchObject({ kind: 'unreachable', message });
    expect(isFaultOfPlace(error)).toBe(true);
  });

  it.each([
    'Invalid Input Error: Malformed JSON at byte 1 of input: unexpected character.',
    'Conversion Error: Could not convert string "IO Error: " to INT32',
    'Out of Memory Error: failed to allocate data of size 1.0 GiB (256.0 MiB/256.0 MiB used)',
  ])('takes %j for a refusal', (message) => {
    const error = storeError(new Error(message));
    expect(error).toMatchObject({ kind: 'refused', message });
    expect(isFaultOfPlace(error)).toBe(false);
  });

  it('leaves an error of the store as it is', () => {
    const error = new StoreError('busy', 'too many');
    expect(storeError(error)).toBe(error);
  });
});
