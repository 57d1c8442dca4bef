import { describe, expect, it } from '@jest/globals';
import { formatPath, type Path } from './path.js';

describe('formatPath', () => {
  it.each<[Path, string]>([
    [['primary_backends', 0, 'timeout', 'idle'], 'primary_backends[0].timeout.idle'],
    [['$schema'], '$schema'],
    [['headers', 'x-team'], 'headers["x-team"]'],
    [['a\nb'], '["a\\nb"]'],
    [['settings', ''], 'settings[""]'],
    [['x'.repeat(65)], `["${'x'.repeat(64)}"]`],
    [[], ''],
  ])('writes %j as %s', (path, expected) => {
    expect(formatPath(path)).toBe(expected);
  });
});
