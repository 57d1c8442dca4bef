import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lineEnd } from '../../record/written-lines.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { firstLines } from './first-lines.js';
import { rotateFiles } from './rotation.js';
import { wholeLinesLength } from './whole-lines.js';

/** Records tell who used what: the owner and the group may read them. */
const FILE_MODE = 0o640;

/** Where records are written, and how many of the files stay. */
export interface FileSinkConfig {
  readonly path: string;
  /** A file that would become larger is followed by the next; only a longer line has more. */
  readonly rotateBytes: number;
  /** Most files beside the one being written: `path.1`, the latest, to `path.<keep>`. */
  readonly keep: number;
}

/** The file being written. */
interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  readonly device: number;
  /** False for a terminal, a pipe or a device, which can be neither rotated nor cut. */
  readonly isRegular: boolean;
}

/** A batch of which a part stands in files that are full. */
interface BegunBatch {
  readonly batch: RecordBatch;
  readonly bytes: number;
}

/**
 * Appends records to a file of JSON lines, which one process writes. The file may be moved away or
 * cut while it is written. What could not be written of a batch is not in it in part, and what could
 * is not written again; but for a process that is killed while it writes, of which the next one
 * removes the torn line.
 */
export function createFileSink(config: FileSinkConfig, name: string): Sink {
  let file: OpenFile | null = null;
  let begun: BegunBatch | null = null;

  async function close(): Promise<void> {
    const closing = file;
    file = null;
    await closing?.handle.close().catch(() => undefined);
  }

  async function reopen(): Promise<OpenFile> {
    await close();
    file = await openFile(config.path);
    return file;
  }

  /** The file to which the next line goes: another one if this was moved away or is full. */
  async function fileFor(lineBytes: number): Promise<OpenFile & { readonly length: number }> {
    let current = file ?? (await reopen());
    if (!current.isRegular) return { ...current, length: 0 };
    if (!(await isStillAt(config.path, current))) current = await reopen();
    const { size } = await current.handle.stat();
    if (size === 0 || size + lineBytes <= config.rotateBytes) return { ...current, length: size };
    await rotateFiles(config.path, config.keep);
    return { ...(await reopen()), length: 0 };
  }

  /** Writes as many lines as one file takes. Gives how many bytes they have. */
  async function writeSome(lines: Buffer): Promise<number> {
    const { handle, isRegular, length } = await fileFor(lineEnd(lines, 0));
    const some = isRegular ? firstLines(lines, config.rotateBytes - length) : lines;
    try {
      await handle.appendFile(some);
    } catch (error) {
      // Some of it may be there, and all of it will be written again.
      if (isRegular) await handle.truncate(length).catch(() => undefined);
      await close();
      throw error;
    }
    return some.length;
  }

  return {
    name,
    open: async () => {
      await reopen();
    },
    write: async (batch: RecordBatch) => {
      const { jsonLines } = batch;
      let written = begun?.batch === batch ? begun.bytes : 0;
      while (written < jsonLines.length) {
        written += await writeSome(jsonLines.subarray(written));
        begun = { batch, bytes: written };
      }
      begun = null;
    },
    close,
  };
}

async function openFile(path: string): Promise<OpenFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+', FILE_MODE);
  try {
    const status = await handle.stat();
    const isRegular = status.isFile();
    if (isRegular) await removeTornLine(handle, status.size);
    return { handle, inode: status.ino, device: status.dev, isRegular };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function removeTornLine(handle: FileHandle, size: number): Promise<void> {
  const length = await wholeLinesLength(handle, size);
  if (length < size) await handle.truncate(length);
}

async function isStillAt(path: string, { inode, device }: OpenFile): Promise<boolean> {
  try {
    const { ino, dev } = await stat(path);
    return ino === inode && dev === device;
  } catch {
    return false;
  }
}
