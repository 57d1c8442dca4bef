import { type ChildProcess, fork } from 'node:child_process';
import { messageOf } from '../../../../errors/error-message.js';
import { builtProgram } from '../../../../process/built-program.js';
import { pipeTo } from '../../../../process/child-pipe.js';
import { PipeOutlet } from '../../../../process/pipe-outlet.js';
import { type Row } from '../../../store/exchange-store.js';
import { StoreError } from '../../../store/store-error.js';
import { within } from '../../../time-limit.js';
import { type OfferedLines } from '../offered-lines.js';
import { Turns } from '../turns.js';
import { type DuckDbCall, type NumberedAnswer, type NumberedCall } from './duckdb-call.js';
import { BATCH_PIPE, STDIO } from './duckdb-stdio.js';
import { PendingCalls } from './pending-calls.js';

/** A further query is refused then. All else comes from the delivery, which makes one call at a time. */
const MAX_PENDING = 64;

const MAX_WAITING_WRITES = 8;

/**
 * After which a call that has no answer yet raises the question whether the process lives. Its main
 * thread is free while DuckDB works, so it can say so however long a query or a checkpoint takes.
 */
const SILENCE_MS = 10_000;
/** Longest wait for that sign, in silences: at the lowest priority it may take its time. */
const SIGN_OF_LIFE_SILENCES = 2;

/** Time for the batch that is being written, and for what DuckDB does before it lets go of a file. */
const END_BOUND_MS = 5_000;
/** Until a killed process is gone: longer only when its disk does not answer. */
const KILL_BOUND_MS = 1_000;

const PROGRAM = builtProgram('./duckdb-process.js', import.meta.url);

/** Most batches are smaller; the memory of a larger one is let go. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** A process with a database file of its own, from its start to its end. */
export class DuckDbChild {
  readonly #calls = new PendingCalls();
  readonly #ended = Promise.withResolvers<null>();
  readonly #process: ChildProcess;
  readonly #outlet: PipeOutlet;
  readonly #writes = new Turns(1, MAX_WAITING_WRITES);
  #hasEnded = false;
  #isInDoubt = false;

  /** @param silenceMs - after which a call without an answer has the process asked whether it lives. */
  constructor(private readonly silenceMs = SILENCE_MS) {
    this.#process = fork(PROGRAM, [], {
      // It needs none of the secrets that the gateway's environment holds.
      env: {},
      execArgv: [],
      // Takes the values of parameters as they are, and text in less time than JSON does.
      serialization: 'advanced',
      stdio: [...STDIO],
    });
    this.#outlet = new PipeOutlet(pipeTo(this.#process, BATCH_PIPE), KEPT_BYTES);
    this.#process.on('message', (message: NumberedAnswer) => {
      this.#calls.settle(message);
    });
    this.#process.once('exit', (code, signal) => {
      this.#gone(signal ?? `exit code ${code}`);
    });
    this.#process.on('error', ({ message }) => {
      this.#gone(message);
    });
    // A gateway that forgets it may end all the same, and with it this process.
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /**
   * A process that does not even say that it lives is killed, whatever it was asked.
   *
   * @param boundMs - after which the call fails, though what it asked for may still be done.
   * @returns the rows that were asked for.
   * @throws StoreError what the process answered; `unreachable` when it ended; `timed-out`; `busy`.
   */
  async call(call: DuckDbCall, boundMs: number): Promise<readonly Row[]> {
    if (!this.#process.connected) throw new StoreError('unreachable', 'DuckDB is not running');
    if (call.do === 'read' && this.#calls.size >= MAX_PENDING) {
      throw new StoreError('busy', `${MAX_PENDING} queries wait already`);
    }
    const { number, answered } = this.#calls.add(boundMs);
    const numbered: NumberedCall = { number, call };
    try {
      this.#process.send(numbered, (error) => {
        if (error !== null) this.#calls.fail(number, unreachable(error.message));
      });
    } catch (cause) {
      // Only values that can be cloned can be sent, and nothing else can be a parameter.
      this.#calls.fail(number, new StoreError('refused', messageOf(cause), { cause }));
    }
    // A process that starts is silent until it has loaded DuckDB.
    if (call.do === 'open') return answered;
    const silence = setTimeout(() => void this.#doubt(), this.silenceMs);
    try {
      return await answered;
    } finally {
      clearTimeout(silence);
    }
  }

  /** Writes one batch after the other; bound and errors as those of a call. */
  async write({ jsonLines, ...marks }: OfferedLines, boundMs: number): Promise<void> {
    await this.#writes.take(() => {
      const { length: bytes } = jsonLines;
      this.#outlet.send(bytes, (room) => jsonLines.copy(room));
      return this.call({ do: 'write', bytes, marks }, boundMs);
    });
  }

  /** Has it close its file and end. What it was asked and has not answered fails. Never rejects. */
  async end(): Promise<void> {
    this.#calls.failAll(new StoreError('closed', 'the database file is not open'));
    if (this.#process.connected) this.#process.disconnect();
    await within(END_BOUND_MS, this.#ended.promise);
    if (this.#hasEnded) return;
    this.#process.kill('SIGKILL');
    await within(KILL_BOUND_MS, this.#ended.promise);
  }

  async #doubt(): Promise<void> {
    if (this.#isInDoubt) return;
    this.#isInDoubt = true;
    try {
      await this.call({ do: 'ping' }, SIGN_OF_LIFE_SILENCES * this.silenceMs);
    } catch (error) {
      const isHung = error instanceof StoreError && error.kind === 'timed-out';
      if (isHung) this.#process.kill('SIGKILL');
    } finally {
      this.#isInDoubt = false;
    }
  }

  #gone(how: string): void {
    this.#hasEnded = true;
    this.#outlet.close();
    this.#calls.failAll(unreachable(how));
    this.#ended.resolve(null);
  }
}

function unreachable(how: string): StoreError {
  return new StoreError('unreachable', `the process of DuckDB ended: ${how}`);
}
