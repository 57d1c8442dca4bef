import { pino, type DestinationStream } from 'pino';
import pretty from 'pino-pretty';

const STDOUT = 1;

/** Lines wait until this many bytes are there or the interval is over: one write for many lines. */
const MIN_WRITE_BYTES = 8192;
const MAX_WRITE_BYTES = 65_536;
const FLUSH_INTERVAL_MS = 200;

/** Most bytes that wait for a reader of stdout that has stopped; further lines are dropped. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Where log lines go. */
export interface LogDestination extends DestinationStream {
  /** Resolves when every line written so far has left the process, or writing failed. */
  flush(): Promise<void>;
  /** The same, before it returns; pino calls it after a fatal line. */
  flushSync(): void;
  /** Lines dropped so far because nobody read them in time. */
  readonly droppedLines: number;
}

let stdout: LogDestination | null = null;

/**
 * Stdout for log lines: readable text on a terminal, otherwise JSON lines, buffered and written
 * asynchronously. What is still buffered is written when the process exits.
 *
 * There is one for the whole process, as there is one stdout, and it is never closed.
 */
export function stdoutDestination(): LogDestination {
  stdout ??= process.stdout.isTTY ? openTerminal() : openFile(STDOUT);
  return stdout;
}

/**
 * Opens a file for JSON lines.
 *
 * @param file a path or a file descriptor
 */
export function openFile(file: string | number): LogDestination {
  const stream = pino.destination({
    dest: file,
    sync: false,
    minLength: MIN_WRITE_BYTES,
    maxWrite: MAX_WRITE_BYTES,
    maxLength: MAX_WAITING_BYTES,
    periodicFlush: FLUSH_INTERVAL_MS,
    // With text it would measure everything that waits again for each line.
    contentMode: 'buffer',
  });
  let droppedLines = 0;
  stream.on('drop', () => {
    droppedLines += 1;
  });
  return {
    write: (line) => {
      // @ts-expect-error Its types know the content mode of text alone.
      stream.write(Buffer.from(line));
    },
    flushSync: () => {
      stream.flushSync();
    },
    flush: () =>
      new Promise((resolve) => {
        stream.flush(() => {
          resolve();
        });
      }),
    get droppedLines() {
      return droppedLines;
    },
  };
}

// A person reads along, so lines appear at once: nothing is buffered and nothing is dropped.
function openTerminal(): LogDestination {
  const stream = pretty({ sync: true, singleLine: true, translateTime: 'HH:MM:ss.l' });
  return {
    write: (line) => void stream.write(line),
    flush: () => Promise.resolve(),
    flushSync: () => undefined,
    droppedLines: 0,
  };
}
