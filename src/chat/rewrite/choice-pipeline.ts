import { type Dialect, type SegmentSink } from '../dialects/dialect.js';
import { joined } from '../outputs/join.js';
import { type Segments } from '../outputs/output.js';
import { dropLeakedCalls, keepLeakedCalls, type LeakedCalls } from './leaked-calls.js';
import { createPieceList, type Piece } from './piece.js';
import { type ReplyObserver } from './reply-observer.js';
import { type RewritePlan } from './rewrite-plan.js';
import { createTokenLedger, type TokenEntry } from './token-ledger.js';

/** One choice of a reply on its way: text → dialect → segments → output → pieces. */
export interface ChoicePipeline {
  /** Text of the answer as the backend sent it, which may hold reasoning. */
  content(text: string): void;
  /** Reasoning that the backend sent in a field. */
  reasoning(text: string): void;
  /** The backend sent reasoning in a field where it stays. */
  reasoningKept(): void;
  /** Log probabilities of the text that comes next. */
  expectTokens(entries: readonly TokenEntry[]): void;
  /** Tool calls of the backend's own follow, with these indices. */
  toolCalls(indices: readonly number[]): void;
  end(): void;
  /** What the client is to receive since the last time. */
  take(): readonly Piece[];
  /** Whether anything but plain content was found, so that the reply is rewritten. */
  readonly hasMatched: boolean;
  /** Whether all further content is passed on as it is. */
  readonly isSettled: boolean;
  /** Whether calls written as text were handed on as tool calls. */
  readonly hasLeakedCalls: boolean;
  readonly hasEnded: boolean;
  /** Characters of text not yet given out. */
  readonly heldLength: number;
}

export function createChoicePipeline(plan: RewritePlan, observer: ReplyObserver): ChoicePipeline {
  const pieces = createPieceList();
  const rendered = plan.output.render(pieces);
  const segments = plan.join === '' ? rendered : joined(rendered, plan.join);
  const calls =
    plan.leakedCalls === 'drop'
      ? dropLeakedCalls(observer)
      : keepLeakedCalls(pieces, plan.newCallId);
  const ledger = createTokenLedger();
  const { shows } = plan.output;
  let hasMatched = false;
  let hasEnded = false;
  let isFieldOpen = false;

  function crossOut(text: string, kind: 'content' | 'reasoning' | 'space' | 'markup'): void {
    if (ledger.isEmpty) return;
    const fate = kind !== 'markup' && shows.has(kind) ? 'shown' : 'hidden';
    const entries = ledger.crossOut(text.length, fate);
    if (entries.length > 0) pieces.logprobs(entries);
  }

  function match(): void {
    if (hasMatched) return;
    hasMatched = true;
    observer.rewritten();
  }

  const sink = textSink(segments, calls, {
    nameOf: () => dialect.name,
    observer,
    crossOut,
    match,
  });
  const dialect: Dialect = plan.dialect(sink, {
    leadingSpace: shows.has('space') ? 'release' : 'hold',
  });

  function closeField(cause: 'tool' | 'end' | 'marker'): void {
    if (!isFieldOpen) return;
    isFieldOpen = false;
    segments.close(cause);
  }

  return {
    content(text) {
      closeField('marker');
      hasEnded = false;
      dialect.feed(text);
    },
    reasoning(text) {
      if (!isFieldOpen) {
        isFieldOpen = true;
        dialect.reasoningSeenElsewhere();
        segments.open();
      }
      match();
      hasEnded = false;
      observer.reasoningSeen();
      segments.reasoning(text);
    },
    reasoningKept() {
      observer.reasoningSeen();
      dialect.reasoningSeenElsewhere();
    },
    expectTokens(entries) {
      ledger.expect(entries);
    },
    toolCalls(indices) {
      closeField('tool');
      dialect.interrupt();
      for (const index of indices) calls.calledElsewhere(index);
    },
    end() {
      closeField('end');
      dialect.end();
      hasEnded = true;
    },
    take: () => pieces.take(),
    get hasMatched() {
      return hasMatched;
    },
    get isSettled() {
      return dialect.isSettled && !isFieldOpen;
    },
    get hasLeakedCalls() {
      return calls.hasCalls;
    },
    get hasEnded() {
      return hasEnded;
    },
    get heldLength() {
      return dialect.heldLength;
    },
  };
}

interface Watcher {
  readonly nameOf: () => string;
  readonly observer: ReplyObserver;
  readonly crossOut: (text: string, kind: 'content' | 'reasoning' | 'space' | 'markup') => void;
  readonly match: () => void;
}

/** Passes what the dialect finds on to the output, and notes it. */
function textSink(segments: Segments, calls: LeakedCalls, watcher: Watcher): SegmentSink {
  const { observer, crossOut, match, nameOf } = watcher;
  return {
    open() {
      match();
      observer.blockRead(nameOf());
      segments.open();
    },
    reasoning(text) {
      observer.reasoningSeen();
      segments.reasoning(text);
      crossOut(text, 'reasoning');
    },
    close(cause) {
      if (cause === 'end') observer.blockUnclosed(nameOf());
      segments.close(cause);
    },
    content(text) {
      observer.answerSeen();
      segments.content(text);
      crossOut(text, 'content');
    },
    space(text) {
      match();
      segments.space(text);
      crossOut(text, 'space');
    },
    markup(text) {
      match();
      crossOut(text, 'markup');
    },
    callOpen(recipient) {
      calls.open(recipient);
    },
    callArguments(text) {
      calls.arguments(text);
      crossOut(text, 'markup');
    },
    callClose() {
      calls.close();
    },
  };
}
