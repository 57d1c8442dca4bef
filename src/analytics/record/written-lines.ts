import { byteString } from '../../wire/byte-text.js';
import { LF } from '../../wire/line-ends.js';
import { type CollectedLines } from './record-lines.js';

/** How the line of a record begins, and what stands before the time that its exchange started. */
const BEGINNING = '{"record_id":';
const BEFORE_TIME = '"started_at":"';

const TIME_LENGTH = '2026-01-31T10:20:05.000Z'.length;

const CLOSE_BRACE = 0x7d;

/**
 * Finds records in what was written of them, and reads no more of each than when it started. Whole
 * lines that follow each other come together, as many as fit into `maxBytes`; a longer one comes
 * alone.
 *
 * @param onTorn - called for each line that is no record or only a part of one: a process was killed
 *   while it wrote, or a machine lost power.
 */
export function* wholeLines(
  bytes: Buffer,
  maxBytes: number,
  onTorn: () => void,
): Generator<CollectedLines> {
  let run = new Run(bytes, 0);
  for (let start = 0; start < bytes.length;) {
    const end = lineEnd(bytes, start);
    const startedAt = startedAtOf(bytes, start, end);
    if (startedAt === null || !run.hasRoom(end, maxBytes)) {
      if (run.count > 0) yield run.upTo(start);
      run = new Run(bytes, startedAt === null ? end : start);
    }
    if (startedAt !== null) run.add(startedAt);
    else if (bytes[start] !== LF) onTorn();
    start = end;
  }
  if (run.count > 0) yield run.upTo(bytes.length);
}

/** Where the next line begins; the end of the bytes where this one has none. */
export function lineEnd(bytes: Buffer, start: number): number {
  const lineFeed = bytes.indexOf(LF, start);
  return lineFeed === -1 ? bytes.length : lineFeed + 1;
}

/** Null for a line that is no whole record. */
function startedAtOf(bytes: Buffer, start: number, end: number): string | null {
  if (bytes[end - 1] !== LF || bytes[end - 2] !== CLOSE_BRACE) return null;
  if (byteString(bytes, start, Math.min(end, start + BEGINNING.length)) !== BEGINNING) return null;
  // What stands before it are ids, which have no quotes in them.
  const at = bytes.indexOf(BEFORE_TIME, start + BEGINNING.length, 'latin1');
  const time = at + BEFORE_TIME.length;
  if (at === -1 || time + TIME_LENGTH >= end) return null;
  return byteString(bytes, time, time + TIME_LENGTH);
}

/** Lines that follow each other. */
class Run {
  count = 0;
  #from = '';
  #to = '';

  constructor(
    private readonly bytes: Buffer,
    private readonly start: number,
  ) {}

  hasRoom(end: number, maxBytes: number): boolean {
    return this.count === 0 || end - this.start <= maxBytes;
  }

  add(startedAt: string): void {
    if (this.count === 0 || startedAt < this.#from) this.#from = startedAt;
    if (this.count === 0 || startedAt > this.#to) this.#to = startedAt;
    this.count++;
  }

  upTo(end: number): CollectedLines {
    const started = { from: this.#from, to: this.#to };
    return { count: this.count, jsonLines: this.bytes.subarray(this.start, end), started };
  }
}
