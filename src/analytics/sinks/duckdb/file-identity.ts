import { stat } from 'node:fs/promises';

/** What tells a file from any other, whatever its name. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** Of the file that has this path now; null where there is none, or none that can be looked at. */
export async function identityAt(path: string): Promise<FileIdentity | null> {
  try {
    const { dev: device, ino: inode } = await stat(path, { bigint: true });
    return { device, inode };
  } catch {
    return null;
  }
}

/** Nothing is the same as no file. */
export function isSameFile(one: FileIdentity | null, other: FileIdentity | null): boolean {
  if (one === null || other === null) return false;
  return one.device === other.device && one.inode === other.inode;
}
