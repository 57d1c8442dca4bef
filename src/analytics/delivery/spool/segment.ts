import { basename, join } from 'node:path';

/** A file of JSON lines in a spool; complete unless the process that wrote it was killed. */
export interface Segment {
  readonly path: string;
  /** Wall clock when the oldest of its records was added. */
  readonly oldestMs: number;
  bytes: number;
}

const SUFFIX = '.jsonl';
const TIME_DIGITS = 14;
const SEQUENCE_DIGITS = 8;

/** What the name of a file in the spool is made of. */
export interface SegmentName {
  readonly oldestMs: number;
  /** Of the segments of an instance. */
  readonly sequence: number;
  readonly instance: string;
}

/** A name that no other segment has, whoever writes it; sorted by name, the oldest comes first. */
export function segmentPath(folder: string, { oldestMs, sequence, instance }: SegmentName): string {
  const time = String(Math.max(0, Math.trunc(oldestMs))).padStart(TIME_DIGITS, '0');
  const number = String(sequence).padStart(SEQUENCE_DIGITS, '0');
  return join(folder, `${time}-${number}-${instance}${SUFFIX}`);
}

/** The segment of a file that was found; null when the file is none. */
export function foundSegment(path: string, bytes: number): Segment | null {
  const name = basename(path);
  const time = name.slice(0, TIME_DIGITS);
  if (!name.endsWith(SUFFIX) || !/^\d+$/.test(time)) return null;
  return { path, oldestMs: Number(time), bytes };
}

/** Sorts the oldest first. */
export function byAge(one: Segment, other: Segment): number {
  return basename(one.path) < basename(other.path) ? -1 : 1;
}
