import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';

/** Records may hold prompts: nobody else is to read them. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** How a spool writes to the disk, so that a test can play one that is full. */
export interface SpoolFiles {
  makeFolder(path: string): Promise<void>;
  /** Writes a small file as a whole. */
  write(path: string, text: string): Promise<void>;
  /** Adds to a file, which it makes if need be; may leave a part of the bytes when it rejects. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  cut(path: string, bytes: number): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  remove(path: string): Promise<void>;
}

/** The file system. */
export const DISK: SpoolFiles = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  },
  write: (path, text) => writeFile(path, text, { mode: FILE_MODE }),
  append: (path, bytes) => appendFile(path, bytes, { mode: FILE_MODE }),
  cut: (path, bytes) => truncate(path, bytes),
  remove: (path) => rm(path, { force: true }),
};
