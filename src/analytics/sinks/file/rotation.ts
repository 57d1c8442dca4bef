import { rename, rm } from 'node:fs/promises';
import { codeOf } from '../../../errors/error-code.js';

/**
 * Makes room for a new file: `path` becomes `path.1`, that `path.2`, and so on; the one beyond `keep`
 * goes. Being killed in between leaves a number free, and nothing is lost.
 */
export async function rotateFiles(path: string, keep: number): Promise<void> {
  if (keep === 0) {
    await rm(path, { force: true });
    return;
  }
  for (let number = keep - 1; number > 0; number--) {
    await renameIfThere(`${path}.${number}`, `${path}.${number + 1}`);
  }
  await renameIfThere(path, `${path}.1`);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
