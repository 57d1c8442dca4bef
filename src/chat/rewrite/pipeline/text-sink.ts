import { type BlockEnd, type SegmentSink } from '../../dialects/dialect.js';
import { type Segments } from '../../outputs/output.js';
import { type ReplyObserver } from '../reply-observer.js';
import { type RewritePlan } from '../rewrite-plan.js';
import { type LeakedCalls } from './leaked-calls.js';
import { type PieceList } from './piece.js';
import { type TokenEntry, TokenLedger } from './token-ledger.js';

/** What a sink of one message works with. */
export interface TextSinkParts {
  readonly plan: RewritePlan;
  readonly observer: ReplyObserver;
  /** What the client is to receive of the text, in the output's form. */
  readonly segments: Segments;
  readonly calls: LeakedCalls;
  /** Where the log probabilities of shown text go. */
  readonly pieces: PieceList;
  /** Name of the dialect that is read. */
  readonly dialectName: () => string;
}

/** Passes what a dialect finds in the text on to the output, and notes it. */
export class TextSink implements SegmentSink {
  #hasMatched = false;
  #isBlockOpen = false;
  readonly #ledger = new TokenLedger();

  constructor(private readonly parts: TextSinkParts) {}

  /** Whether anything but plain content was found, so that the reply is rewritten. */
  get hasMatched(): boolean {
    return this.#hasMatched;
  }

  /** Whether the text stands in a block of reasoning. */
  get isBlockOpen(): boolean {
    return this.#isBlockOpen;
  }

  /** Whether log probabilities are written down of text that was not shown yet. */
  get expectsTokens(): boolean {
    return !this.#ledger.isEmpty;
  }

  /** Notes that the reply is rewritten. */
  match(): void {
    if (this.#hasMatched) return;
    this.#hasMatched = true;
    this.parts.observer.rewritten();
  }

  /** Log probabilities of the text that comes next. */
  expectTokens(entries: readonly TokenEntry[]): void {
    this.#ledger.expect(entries);
  }

  open(): void {
    const { observer, segments, dialectName } = this.parts;
    this.match();
    this.#isBlockOpen = true;
    observer.blockRead(dialectName());
    segments.open();
  }

  reasoning(text: string): void {
    this.parts.observer.reasoningSeen();
    this.parts.segments.reasoning(text);
    this.#crossOut(text, 'reasoning');
  }

  close(cause: BlockEnd): void {
    const { observer, segments, dialectName } = this.parts;
    this.#isBlockOpen = false;
    if (cause === 'end') observer.blockUnclosed(dialectName());
    segments.close(cause);
  }

  content(text: string): void {
    this.parts.observer.answerSeen();
    this.parts.segments.content(text);
    this.#crossOut(text, 'content');
  }

  space(text: string): void {
    this.match();
    this.parts.segments.space(text);
    this.#crossOut(text, 'space');
  }

  markup(text: string): void {
    this.match();
    this.#crossOut(text, 'markup');
  }

  callOpen(recipient: string): void {
    this.parts.observer.answerSeen();
    this.parts.calls.open(recipient);
  }

  callArguments(text: string): void {
    this.parts.calls.arguments(text);
    this.#crossOut(text, 'markup');
  }

  callClose(): void {
    this.parts.calls.close();
  }

  #crossOut(text: string, kind: 'content' | 'reasoning' | 'space' | 'markup'): void {
    if (this.#ledger.isEmpty) return;
    const { plan, pieces } = this.parts;
    const isShown = kind !== 'markup' && plan.output.shows.has(kind);
    const entries = this.#ledger.crossOut(text.length, isShown ? 'shown' : 'hidden');
    if (entries.length > 0) pieces.logprobs(entries);
  }
}
