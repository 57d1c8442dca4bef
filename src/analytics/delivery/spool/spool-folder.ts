import { readdir, readFile, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { hasProcess, isAbandoned, LEASE_RENEWAL_MS, type Owner, parseOwner } from './owner.js';
import { foundSegment, type Segment } from './segment.js';
import { type SpoolFiles } from './spool-files.js';

const OWNER_SUFFIX = '.owner';

/** Where a spool has its folder, and whose it is. */
export interface SpoolFolderOptions {
  /** Where the folders of all instances are. */
  readonly path: string;
  readonly instance: string;
  readonly owner: Owner;
  readonly files: SpoolFiles;
  /** Milliseconds since 1970, as the file system counts them. */
  readonly wallMs: () => number;
}

/**
 * The folder of a spool that belongs to this run of the gateway alone, `<sink>/<instance>`. Beside
 * it `<instance>.owner` says which process that is and, by its time, when it was last alive. Whoever
 * finds a folder of the dead moves its segments to its own, one by one: of two who try, one gets each.
 */
export class SpoolFolder {
  readonly path: string;
  readonly #ownerPath: string;
  #isClaimed = false;
  #renewedMs = 0;

  constructor(private readonly options: SpoolFolderOptions) {
    this.path = join(options.path, options.instance);
    this.#ownerPath = this.path + OWNER_SUFFIX;
  }

  /** Makes the folder, if it has not done so. */
  async claim(): Promise<void> {
    if (this.#isClaimed) return;
    const { files, owner, path, wallMs } = this.options;
    await files.makeFolder(path);
    // The owner comes first: a folder without one is anybody's.
    await files.write(this.#ownerPath, JSON.stringify(owner));
    await files.makeFolder(this.path);
    this.#renewedMs = wallMs();
    this.#isClaimed = true;
  }

  /** To be called when the folder was not where it should be: someone took this run for dead. */
  lost(): void {
    this.#isClaimed = false;
  }

  /** Shows that this run is alive, now and then. */
  async renew(): Promise<void> {
    const nowMs = this.options.wallMs();
    if (!this.#isClaimed || nowMs - this.#renewedMs < LEASE_RENEWAL_MS) return;
    this.#renewedMs = nowMs;
    await utimes(this.#ownerPath, nowMs / 1000, nowMs / 1000);
  }

  /** Moves what dead runs left into this folder; the segments that are now here. */
  async adopt(): Promise<readonly Segment[]> {
    const adopted: Segment[] = [];
    for (const name of await this.#others()) {
      if (await this.#isAbandoned(name)) adopted.push(...(await this.#take(name)));
    }
    return adopted;
  }

  /** Gives the folder up: it goes if it is empty, else the next run may have what is in it. */
  async leave(): Promise<void> {
    if (!this.#isClaimed) return;
    this.#isClaimed = false;
    await rmdir(this.path).catch(() => undefined);
    await rm(this.#ownerPath, { force: true });
  }

  async #others(): Promise<readonly string[]> {
    try {
      const entries = await readdir(this.options.path, { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      return folders.filter((name) => name !== this.options.instance);
    } catch {
      // Nothing was ever spooled.
      return [];
    }
  }

  async #isAbandoned(name: string): Promise<boolean> {
    const path = join(this.options.path, name) + OWNER_SUFFIX;
    try {
      const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
      const leaseAgeMs = this.options.wallMs() - mtimeMs;
      return isAbandoned(parseOwner(text), this.options.owner, { leaseAgeMs, hasProcess });
    } catch {
      return true;
    }
  }

  async #take(name: string): Promise<readonly Segment[]> {
    await this.claim();
    const folder = join(this.options.path, name);
    const taken: Segment[] = [];
    for (const file of await readdir(folder).catch(() => [])) {
      const segment = await this.#move(join(folder, file), join(this.path, file));
      if (segment !== null) taken.push(segment);
    }
    await rmdir(folder).catch(() => undefined);
    await rm(folder + OWNER_SUFFIX, { force: true });
    return taken;
  }

  /** Null when another was faster, or it is no segment. */
  async #move(from: string, to: string): Promise<Segment | null> {
    if (foundSegment(from, 0) === null) return null;
    try {
      await rename(from, to);
      return foundSegment(to, (await stat(to)).size);
    } catch {
      return null;
    }
  }
}
