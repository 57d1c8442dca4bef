import { readFile } from 'node:fs/promises';
import { codeOf } from '../../../errors/error-code.js';
import { byAge, type Segment, segmentPath } from './segment.js';
import { type SpoolBudget } from './spool-budget.js';
import { type SpoolFiles } from './spool-files.js';
import { SpoolFolder, type SpoolFolderOptions } from './spool-folder.js';

/** A segment of this size is followed by the next. */
const MAX_SEGMENT_BYTES = 4 * 1024 * 1024;

/** `full`: the bound of all spools is reached; `disk`: it could not be written. */
export type SpoolRefusal = 'full' | 'disk';

/** What became of lines that were to be added. */
export type AppendResult =
  | { readonly kind: 'kept'; readonly segment: Segment }
  | { readonly kind: SpoolRefusal; readonly error: unknown };

/** Where a spool is, and how much disk it may take. */
export interface SpoolOptions extends SpoolFolderOptions {
  /** Shared by all sinks. */
  readonly budget: SpoolBudget;
}

/**
 * Records of one sink on disk, in files of JSON lines, oldest first. Nothing touches the disk before
 * something is spooled, or left by a run before.
 *
 * Beyond its bound it takes nothing more, so that the newest records are lost: what is on disk was
 * kept on purpose, and the gap begins when the log says so.
 */
export class Spool {
  /** Oldest first. */
  #segments: Segment[] = [];
  /** The one that is added to. */
  #open: Segment | null = null;
  #sequence = 0;
  #bytes = 0;
  readonly #folder: SpoolFolder;
  readonly #files: SpoolFiles;
  readonly #budget: SpoolBudget;

  constructor(private readonly options: SpoolOptions) {
    this.#folder = new SpoolFolder(options);
    this.#files = options.files;
    this.#budget = options.budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** Wall clock when the oldest record was added; null when there is none. */
  get oldestMs(): number | null {
    return this.#segments[0]?.oldestMs ?? null;
  }

  /** Takes over what runs before this one left. Never rejects. */
  async adopt(): Promise<void> {
    try {
      const adopted = await this.#folder.adopt();
      for (const { bytes } of adopted) {
        this.#budget.found(bytes);
        this.#bytes += bytes;
      }
      this.#segments = [...this.#segments, ...adopted].sort(byAge);
    } catch {
      // It stays where it is, and is looked for again.
    }
  }

  /** Shows other gateways that this one is alive. Never rejects. */
  async renew(): Promise<void> {
    try {
      await this.#folder.renew();
    } catch {
      this.#folder.lost();
    }
  }

  /**
   * Adds lines behind all others. Calls follow each other.
   *
   * @param oldestMs - wall clock when the oldest of them was added.
   */
  async append(lines: Uint8Array, oldestMs: number): Promise<AppendResult> {
    const bytes = lines.length;
    if (!this.#budget.take(bytes)) return { kind: 'full', error: null };
    try {
      await this.#folder.claim();
      const segment = this.#segmentFor(bytes, oldestMs);
      await this.#write(segment, lines);
      segment.bytes += bytes;
      this.#bytes += bytes;
      return { kind: 'kept', segment };
    } catch (error) {
      this.#budget.release(bytes);
      if (isMissing(error)) this.#folder.lost();
      return { kind: 'disk', error };
    }
  }

  /** What is added from now on goes into another segment. */
  endSegment(): void {
    this.#open = null;
  }

  /** The oldest segment, to which nothing is added any more; null when there is none. */
  first(): Segment | null {
    const first = this.#segments[0] ?? null;
    if (first === this.#open) this.endSegment();
    return first;
  }

  /** The lines of a segment; rejects when it cannot be read. */
  async read({ path, bytes }: Segment): Promise<Buffer> {
    const written = await readFile(path);
    // Behind them may be what could be neither written whole nor taken back.
    return written.subarray(0, bytes);
  }

  /** Forgets a segment and removes its file. Never rejects. */
  async remove(segment: Segment): Promise<void> {
    if (!this.#segments.includes(segment)) return;
    this.#segments = this.#segments.filter((other) => other !== segment);
    if (this.#open === segment) this.endSegment();
    this.#budget.release(segment.bytes);
    this.#bytes -= segment.bytes;
    // A file that stays is delivered again by the next run, which does no harm.
    await this.#files.remove(segment.path).catch(() => undefined);
  }

  /**
   * Passes over a segment that cannot be read. Its file stays, and counts against the bound: the
   * next run may read it.
   */
  passOver(segment: Segment): void {
    this.#segments = this.#segments.filter((other) => other !== segment);
  }

  /** What is left is for the next run, of whichever gateway. Never rejects. */
  async leave(): Promise<void> {
    await this.#folder.leave().catch(() => undefined);
  }

  #segmentFor(bytes: number, oldestMs: number): Segment {
    const open = this.#open;
    if (open !== null && open.bytes + bytes <= MAX_SEGMENT_BYTES) return open;
    const sequence = ++this.#sequence;
    const { instance } = this.options;
    const path = segmentPath(this.#folder.path, { oldestMs, sequence, instance });
    return { path, oldestMs, bytes: 0 };
  }

  async #write(segment: Segment, lines: Uint8Array): Promise<void> {
    try {
      await this.#files.append(segment.path, lines);
    } catch (error) {
      await this.#undo(segment);
      throw error;
    }
    if (this.#open === segment) return;
    this.#open = segment;
    this.#segments = [...this.#segments, segment].sort(byAge);
  }

  /** Takes back what was written in part. */
  async #undo(segment: Segment): Promise<void> {
    this.endSegment();
    try {
      if (segment.bytes === 0) await this.#files.remove(segment.path);
      else await this.#files.cut(segment.path, segment.bytes);
    } catch {
      // It is not read: the segment ends before it.
    }
  }
}

/** Whether the folder is gone: removed, or taken over by a gateway that held this one for dead. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}
