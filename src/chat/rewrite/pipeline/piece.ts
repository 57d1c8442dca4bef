import { type PieceSink } from '../../outputs/output.js';

/** A part of what a client receives of one message: of one kind, never empty. */
export type Piece = TextPiece | CallPiece;

/** A part of the answer or of the reasoning. */
export interface TextPiece {
  readonly kind: 'content' | 'reasoning';
  readonly text: string;
  /**
   * JSON texts of the token log probabilities that belong to it, null for those not known; null
   * where there are none.
   */
  readonly logprobs: readonly (string | null)[] | null;
}

/** A part of a tool call, as `choices[].delta.tool_calls[]` has it. */
export interface CallPiece {
  readonly kind: 'call';
  readonly index: number;
  /** Only the first part of a call has it. */
  readonly head: { readonly id: string; readonly name: string } | null;
  readonly arguments: string;
}

const NOTHING: readonly Piece[] = [];

/** Collects pieces, joining neighbours of one kind. */
export class PieceList implements PieceSink {
  #pieces: Piece[] = [];
  // Of the last text, for as long as it grows: copying them each time would cost O(n²).
  #growing: (string | null)[] = [];

  content(text: string): void {
    this.#addText('content', text);
  }

  reasoning(text: string): void {
    this.#addText('reasoning', text);
  }

  call(piece: CallPiece): void {
    const last = this.#pieces.at(-1);
    if (last?.kind === 'call' && last.index === piece.index && piece.head === null) {
      this.#replaceLast({ ...last, arguments: last.arguments + piece.arguments });
    } else {
      this.#pieces.push(piece);
    }
  }

  /** Adds log probabilities to the text that came last; dropped where no text did. */
  logprobs(entries: readonly (string | null)[]): void {
    const last = this.#pieces.at(-1);
    if (last === undefined || last.kind === 'call') return;
    for (const entry of entries) this.#growing.push(entry);
    this.#replaceLast({ ...last, logprobs: this.#growing });
  }

  /** Hands over what came since the last time. */
  take(): readonly Piece[] {
    if (this.#pieces.length === 0) return NOTHING;
    const taken = this.#pieces;
    this.#pieces = [];
    return taken;
  }

  #addText(kind: TextPiece['kind'], text: string): void {
    if (text === '') return;
    const last = this.#pieces.at(-1);
    if (last?.kind === kind) {
      this.#replaceLast({ ...last, text: last.text + text });
    } else {
      this.#growing = [];
      this.#pieces.push({ kind, text, logprobs: null });
    }
  }

  #replaceLast(piece: Piece): void {
    this.#pieces[this.#pieces.length - 1] = piece;
  }
}
