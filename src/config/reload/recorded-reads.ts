import { createHash } from 'node:crypto';
import { type ReadFile } from '../source/read-file.js';

/** A reader that remembers which files were asked for and what became of it. */
export interface RecordedReads {
  readonly readFile: ReadFile;
  /**
   * By absolute path: the SHA-256 of the text, or {@link UNREADABLE}. Not the text itself: it may be
   * a secret, and the configuration holds it already.
   */
  readonly states: ReadonlyMap<string, string>;
}

/** The state of a file that there is no text of. */
export const UNREADABLE = 'unreadable';

/** Reads through `readFile`. */
export function recordReads(readFile: ReadFile): RecordedReads {
  const states = new Map<string, string>();
  const recorded: ReadFile = (path) => {
    states.set(path, UNREADABLE);
    const text = readFile(path);
    states.set(path, createHash('sha256').update(text).digest('base64'));
    return text;
  };
  return { readFile: recorded, states };
}
