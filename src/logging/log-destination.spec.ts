import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from './log-destination.js';

describe('openFile', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
    file = join(folder, 'log');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('has written every line once flushed, however short', async () => {
    const destination = openFile(file);
    destination.write('one\n');
    destination.write('two\n');
    await destination.flush();
    expect(await readFile(file, 'utf8')).toBe('one\ntwo\n');
  });

  it('drops and counts lines once 8 MiB wait to be written', async () => {
    const destination = openFile(file);
    const line = `${'x'.repeat(65_535)}\n`;
    for (let written = 0; written < 256; written += 1) destination.write(line);
    expect(destination.droppedLines).toBe(128);
    await destination.flush();
    expect((await stat(file)).size).toBe(128 * 65_536);
  });
});
