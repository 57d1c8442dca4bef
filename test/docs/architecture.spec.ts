import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync } from 'node:fs';
import { inProject, page } from '../support/documents.js';

const architecture = page('ARCHITECTURE.md');

/** First cells of the rows of the tables headed `folder`, without their quotes. */
function foldersNamed(): string[] {
  const tables = architecture.prose.matchAll(/^\| folder .*\n\|.*\n((?:\|.*\n)+)/gm);
  return [...tables].flatMap(([, rows = '']) =>
    [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, folder = '']) => folder),
  );
}

/** Folders of `src/` down to that depth. */
function foldersAt(...depths: readonly ('*' | '*/*')[]): string[] {
  const entries = globSync([...depths], { cwd: inProject('src'), withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(inProject('src/').length));
}

describe('ARCHITECTURE.md', () => {
  it('gives each module, and each folder of a module, its sentence', () => {
    expect(foldersNamed()).toEqual(expect.arrayContaining(foldersAt('*', '*/*')));
  });

  it('names no folder that is not there, and none twice', () => {
    const named = foldersNamed();
    expect(named.filter((folder) => !existsSync(inProject(`src/${folder}`)))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  it('names files that are there', () => {
    const paths = [...architecture.prose.matchAll(/`((?:src\/|[a-z]+\/)[\w./-]+\.ts)`/g)];
    const missing = paths.flatMap(([, path = '']) =>
      existsSync(inProject(path)) || existsSync(inProject(`src/${path}`)) ? [] : [path],
    );
    expect(missing).toEqual([]);
  });
});
