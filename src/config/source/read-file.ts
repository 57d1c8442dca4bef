import { readFileSync } from 'node:fs';
import { codeOf } from '../../errors/error-code.js';

/** Yields the text of a UTF-8 file; throws what `node:fs` throws. */
export type ReadFile = (path: string) => string;

/** More than any configuration, certificate or secret needs. */
export const MAX_FILE_CHARS = 1_048_576;

/** Reads from the file system. */
export const readUtf8: ReadFile = (path) => readFileSync(path, 'utf8');

/** What became of a read. */
export type FileRead =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a file without throwing; one of more than {@link MAX_FILE_CHARS} characters fails. */
export function tryRead(readFile: ReadFile, path: string): FileRead {
  try {
    const text = readFile(path);
    return text.length > MAX_FILE_CHARS
      ? { kind: 'failed', reason: `it has more than ${MAX_FILE_CHARS} characters` }
      : { kind: 'read', text };
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? { kind: 'missing' }
      : { kind: 'failed', reason: reasonOf(error) };
  }
}

/** Why a read yielded nothing, for a fault. */
export function whyUnread(read: Exclude<FileRead, { kind: 'read' }>): string {
  return read.kind === 'missing' ? 'there is no such file' : read.reason;
}

/** Why a file or folder was of no use, for people: a code of `node:fs`, such as `EACCES`. */
export function reasonOf(error: unknown): string {
  return codeOf(error) ?? 'for a reason unknown';
}
