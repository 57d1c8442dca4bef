import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchPoints } from './watch-points.js';

describe('watchPoints', () => {
  let root: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-points-')));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('is the file itself where no link leads to it', () => {
    writeFileSync(join(root, 'file'), '');
    expect(watchPoints(join(root, 'file'))).toEqual([{ folder: root, name: 'file' }]);
  });

  it('is every link on the way of a mounted ConfigMap', () => {
    mkdirSync(join(root, '..v1'));
    writeFileSync(join(root, '..v1', 'file'), '');
    symlinkSync('..v1', join(root, '..data'));
    symlinkSync('..data/file', join(root, 'file'));
    expect(watchPoints(join(root, 'file'))).toEqual([
      { folder: root, name: 'file' },
      { folder: root, name: '..data' },
      { folder: join(root, '..v1'), name: 'file' },
    ]);
  });

  it('follows absolute links and those that lead upwards', () => {
    mkdirSync(join(root, 'a'));
    mkdirSync(join(root, 'b'));
    writeFileSync(join(root, 'b', 'file'), '');
    symlinkSync(join(root, 'a', '..', 'b'), join(root, 'a', 'link'));
    expect(watchPoints(join(root, 'a', 'link', 'file'))).toEqual([
      { folder: join(root, 'a'), name: 'link' },
      { folder: join(root, 'b'), name: 'file' },
    ]);
  });

  it('ends at the first name that is missing', () => {
    expect(watchPoints(join(root, 'none', 'file'))).toEqual([{ folder: root, name: 'none' }]);
  });

  it('follows no more links than the system does', () => {
    symlinkSync('loop', join(root, 'loop'));
    expect(watchPoints(join(root, 'loop')).length).toBeLessThanOrEqual(41);
  });
});
