import { describe, expect, it } from '@jest/globals';
import { ConfigError, printFaults } from './config-error.js';

describe('printFaults', () => {
  it('says one fault in the singular', () => {
    const error = new ConfigError('invalid', [{ path: 'PORT', message: 'must be a port' }]);
    expect(printFaults(error)).toBe('The configuration has 1 fault:\n  PORT: must be a port\n');
  });

  it('lists every fault on a line of its own', () => {
    const error = new ConfigError('invalid', [
      { path: 'a', message: 'one' },
      { path: 'b', message: 'two' },
    ]);
    expect(printFaults(error)).toBe('The configuration has 2 faults:\n  a: one\n  b: two\n');
  });
});
