import { type ChildProcess, spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { builtProgram } from '../../../process/built-program.js';
import { pipeTo } from '../../../process/child-pipe.js';
import { startAtLowestPriority } from '../../../process/lowest-priority.js';
import { PipeInlet } from '../../../process/pipe-inlet.js';
import { PipeOutlet } from '../../../process/pipe-outlet.js';
import { type CountJob, type TokenCounts } from '../count-job.js';
import { ANSWER_BYTES, countsIn } from './answer-frame.js';
import { frameBytes, MAX_FRAME_BYTES, writeFrame } from './count-frame.js';
import { JOB_PIPE, STDIO } from './counting-stdio.js';

const PROGRAM = fileURLToPath(builtProgram('./counting-process.js', import.meta.url));

/** MB, more than any job needs: beyond them the process ends. Little of it is garbage at a time. */
const NODE_OPTIONS = ['--max-old-space-size=128', '--max-semi-space-size=2'];

/** How long the process may be silent, and who is told of it. */
export interface CountingChildOptions {
  /** Milliseconds in which the next answer has to come; a process that gives none is killed. */
  readonly answerMs: number;
  readonly onAnswer: () => void;
  /** The process is no more although nobody ended it. */
  readonly onFailure: (how: string) => void;
}

interface Waiting {
  readonly bytes: number;
  readonly settle: (counts: TokenCounts | null) => void;
}

/** A process that counts tokens, from its start to its end. */
export class CountingChild {
  readonly #process: ChildProcess;
  readonly #outlet: PipeOutlet;
  readonly #waiting: Waiting[] = [];
  readonly #overdue: NodeJS.Timeout;
  #waitingBytes = 0;
  #isGone = false;

  /** @throws Error when the system starts no process for other reasons than its limits. */
  constructor(private readonly options: CountingChildOptions) {
    this.#process = spawn(execPath, [...NODE_OPTIONS, PROGRAM], {
      // It needs none of the secrets that the gateway's environment holds.
      env: {},
      stdio: [...STDIO],
    });
    startAtLowestPriority(this.#process);
    this.#process.once('exit', (code, signal) => {
      this.#fail(signal ?? `exit code ${code}`);
    });
    this.#process.on('error', ({ message }) => {
      this.#fail(message);
    });
    // A gateway that forgets it may end all the same, and with it this process.
    this.#process.unref();
    const pipe = pipeTo(this.#process, JOB_PIPE);
    this.#outlet = new PipeOutlet(pipe, MAX_FRAME_BYTES);
    if (pipe !== null) void this.#receive(new PipeInlet(pipe));
    this.#overdue = setTimeout(() => {
      if (this.#waiting.length > 0) this.#process.kill('SIGKILL');
    }, options.answerMs).unref();
  }

  /** Jobs without an answer. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** What was handed over of them. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Copies the job; nothing of it is kept.
   *
   * @returns null when the process ended before it had counted.
   */
  count(job: CountJob): Promise<TokenCounts | null> {
    const { promise, resolve } = Promise.withResolvers<TokenCounts | null>();
    if (this.#isGone) return Promise.resolve(null);
    const bytes = frameBytes(job);
    this.#outlet.send(bytes, (room) => {
      writeFrame(job, room);
    });
    if (this.#waiting.length === 0) this.#overdue.refresh();
    this.#waiting.push({ bytes, settle: resolve });
    this.#waitingBytes += bytes;
    return promise;
  }

  /** What waits gets null. Nothing of the process is worth waiting for, so it is killed. */
  end(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#overdue);
    this.#outlet.close();
    this.#process.kill('SIGKILL');
    for (const { settle } of this.#waiting.splice(0)) settle(null);
    this.#waitingBytes = 0;
  }

  async #receive(inlet: PipeInlet): Promise<never> {
    for (;;) {
      const counts = countsIn(await inlet.take(ANSWER_BYTES));
      const answered = this.#waiting.shift();
      if (answered === undefined) continue;
      this.#waitingBytes -= answered.bytes;
      this.#overdue.refresh();
      answered.settle(counts);
      this.options.onAnswer();
    }
  }

  #fail(how: string): void {
    if (this.#isGone) return;
    this.end();
    this.options.onFailure(how);
  }
}
