import { type Dialect } from '../../dialects/dialect.js';
import { joined } from '../../outputs/join.js';
import { type Segments } from '../../outputs/output.js';
import { type ReplyObserver } from '../reply-observer.js';
import { type RewritePlan } from '../rewrite-plan.js';
import { dropLeakedCalls, keepLeakedCalls, type LeakedCalls } from './leaked-calls.js';
import { type Piece, PieceList, type TextPiece } from './piece.js';
import { TextSink } from './text-sink.js';
import { type TokenEntry } from './token-ledger.js';

/** One choice of a reply on its way: text → dialect → segments → output → pieces. */
export class ChoicePipeline {
  readonly #observer: ReplyObserver;
  readonly #pieces = new PieceList();
  readonly #segments: Segments;
  readonly #calls: LeakedCalls;
  readonly #sink: TextSink;
  readonly #dialect: Dialect;
  readonly #reasoningAs: TextPiece['kind'] | null;
  /** A separator goes between pieces, so that each has to be looked at. */
  readonly #isJoined: boolean;
  #hasEnded = false;
  #isFieldOpen = false;

  constructor(plan: RewritePlan, observer: ReplyObserver) {
    const { output, join, leakedCalls, newCallId } = plan;
    this.#observer = observer;
    this.#reasoningAs = output.reasoningAs;
    this.#isJoined = join !== '';
    const rendered = output.render(this.#pieces);
    this.#segments = join === '' ? rendered : joined(rendered, join);
    this.#calls =
      leakedCalls === 'drop' ? dropLeakedCalls(observer) : keepLeakedCalls(this.#pieces, newCallId);
    this.#sink = new TextSink({
      ...{ plan, observer },
      segments: this.#segments,
      calls: this.#calls,
      pieces: this.#pieces,
      dialectName: () => this.#dialect.name(),
    });
    this.#dialect = plan.dialect(this.#sink, {
      leadingSpace: output.shows.has('space') ? 'release' : 'hold',
    });
  }

  /** Whether anything but plain content was found, so that the reply is rewritten. */
  get hasMatched(): boolean {
    return this.#sink.hasMatched;
  }

  /** Whether the text stands in a block of reasoning. */
  get isBlockOpen(): boolean {
    return this.#sink.isBlockOpen;
  }

  /** Whether a text that comes next in such a block says no more of it. */
  mayEndBlock(text: string): boolean {
    return this.#dialect.mayEndBlock(text);
  }

  /** Whether all further content is passed on as it is. */
  get isSettled(): boolean {
    return !this.#isFieldOpen && this.#dialect.isSettled();
  }

  /** Whether calls written as text were handed on as tool calls. */
  get hasLeakedCalls(): boolean {
    return this.#calls.hasCalls();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Text of the answer as the backend sent it, which may hold reasoning. */
  content(text: string): void {
    this.#closeField('marker');
    this.#hasEnded = false;
    this.#dialect.feed(text);
  }

  /**
   * Takes text of the answer that one look tells to be of one kind and that leaves at once; see
   * {@link Dialect.glance}.
   *
   * @returns what the client receives it as; null where it was not taken and has to be fed
   */
  passing(text: string): TextPiece['kind'] | 'nothing' | null {
    if (this.#isFieldOpen || this.#isJoined || this.#sink.expectsTokens) return null;
    const kind = this.#dialect.glance(text);
    if (kind === null) return null;
    this.#hasEnded = false;
    if (kind === 'reasoning') return this.#passingReasoning();
    this.#observer.answerSeen();
    return 'content';
  }

  /** The same for reasoning that the backend sent in a field, where more of it comes. */
  passingField(): TextPiece['kind'] | 'nothing' | null {
    return this.#isFieldOpen && !this.#isJoined ? this.#passingReasoning() : null;
  }

  /** Reasoning that the backend sent in a field. */
  reasoning(text: string): void {
    if (!this.#isFieldOpen) {
      this.#isFieldOpen = true;
      this.#dialect.reasoningSeenElsewhere();
      this.#segments.open();
    }
    this.#sink.match();
    this.#hasEnded = false;
    this.#observer.reasoningSeen();
    this.#segments.reasoning(text);
  }

  /** The backend sent reasoning in a field where it stays. */
  reasoningKept(): void {
    this.#observer.reasoningSeen();
    this.#dialect.reasoningSeenElsewhere();
  }

  /** Log probabilities of the text that comes next. */
  expectTokens(entries: readonly TokenEntry[]): void {
    this.#sink.expectTokens(entries);
  }

  /** Tool calls of the backend's own follow, with these indices. */
  toolCalls(indices: readonly number[]): void {
    this.#closeField('tool');
    this.#dialect.interrupt();
    for (const index of indices) this.#calls.calledElsewhere(index);
  }

  end(): void {
    this.#closeField('end');
    this.#dialect.end();
    this.#hasEnded = true;
  }

  /** What the client is to receive since the last time. */
  take(): readonly Piece[] {
    return this.#pieces.take();
  }

  #passingReasoning(): TextPiece['kind'] | 'nothing' {
    this.#observer.reasoningSeen();
    return this.#reasoningAs ?? 'nothing';
  }

  #closeField(cause: 'tool' | 'end' | 'marker'): void {
    if (!this.#isFieldOpen) return;
    this.#isFieldOpen = false;
    this.#segments.close(cause);
  }
}
