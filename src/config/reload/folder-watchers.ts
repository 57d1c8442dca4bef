import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename } from 'node:path';
import { reasonOf } from '../source/read-file.js';
import { type WatchPoint } from './watch-points.js';

/** Most folders that are watched at once. */
const MAX_FOLDERS = 256;

/** Told what happens in the folders that are watched. */
export interface FolderListener {
  /** Something happened to one of the names; it may have come to nothing. */
  onEvent(): void;
  /** A folder cannot be watched, so that nothing in it will be noticed; `reason` is a code. */
  onFailure(folder: string, reason: string): void;
}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /** Tells a folder from another that took its place. */
  readonly inode: string;
  names: ReadonlySet<string>;
}

/** Watches folders, not files: an editor that saves by renaming puts another file in place. */
export class FolderWatchers {
  readonly #folders = new Map<string, WatchedFolder>();
  readonly #failed = new Set<string>();

  constructor(private readonly listener: FolderListener) {}

  /**
   * Watches these points and no others.
   *
   * @returns whether a folder is watched that was not before: what happened in it until now may
   * have gone unnoticed
   */
  watch(points: readonly WatchPoint[]): boolean {
    const wanted = Map.groupBy(points, ({ folder }) => folder);
    for (const folder of this.#folders.keys()) {
      if (!wanted.has(folder)) this.#close(folder);
    }
    let hasNew = false;
    for (const [folder, inFolder] of wanted) {
      const names = new Set(inFolder.map(({ name }) => name));
      if (this.#watchFolder(folder, names)) hasNew = true;
    }
    return hasNew;
  }

  close(): void {
    for (const folder of this.#folders.keys()) this.#close(folder);
  }

  #watchFolder(folder: string, names: ReadonlySet<string>): boolean {
    const inode = inodeOf(folder);
    const known = this.#folders.get(folder);
    if (known?.inode === inode) {
      known.names = names;
      return false;
    }
    this.#close(folder);
    const watcher = this.#open(folder);
    if (watcher === null) return false;
    this.#folders.set(folder, { watcher, inode, names });
    this.#failed.delete(folder);
    return true;
  }

  #open(folder: string): FSWatcher | null {
    if (this.#folders.size >= MAX_FOLDERS) return this.#fail(folder, 'too many folders');
    try {
      const watcher = watch(folder, (_event, name) => {
        if (this.#concerns(folder, name)) this.listener.onEvent();
      });
      watcher.on('error', (error) => {
        this.#close(folder);
        this.#fail(folder, reasonOf(error));
      });
      return watcher;
    } catch (error) {
      return this.#fail(folder, reasonOf(error));
    }
  }

  // An event without a name may be about any; one of the folder itself bears the folder's name.
  #concerns(folder: string, name: string | null): boolean {
    const names = this.#folders.get(folder)?.names;
    return name === null || name === basename(folder) || names?.has(name) === true;
  }

  #fail(folder: string, reason: string): null {
    if (!this.#failed.has(folder)) {
      if (this.#failed.size >= MAX_FOLDERS) this.#failed.clear();
      this.#failed.add(folder);
      this.listener.onFailure(folder, reason);
    }
    return null;
  }

  #close(folder: string): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }
}

function inodeOf(folder: string): string {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev}:${stats.ino}`;
}
