/** A part of what a client receives of one message: of one kind, never empty. */
export type Piece = TextPiece | CallPiece;

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

/** Collects pieces, joining neighbours of one kind. */
export interface PieceList {
  content(text: string): void;
  reasoning(text: string): void;
  call(piece: CallPiece): void;
  /** Adds log probabilities to the text that came last; dropped where no text did. */
  logprobs(entries: readonly (string | null)[]): void;
  /** Hands over what came since the last time. */
  take(): readonly Piece[];
}

export function createPieceList(): PieceList {
  let pieces: Piece[] = [];
  // Of the last text, for as long as it grows: copying them each time would cost O(n²).
  let growing: (string | null)[] = [];

  function addText(kind: TextPiece['kind'], text: string): void {
    if (text === '') return;
    const last = pieces.at(-1);
    if (last?.kind === kind) {
      pieces[pieces.length - 1] = { ...last, text: last.text + text };
    } else {
      growing = [];
      pieces.push({ kind, text, logprobs: null });
    }
  }

  return {
    content(text) {
      addText('content', text);
    },
    reasoning(text) {
      addText('reasoning', text);
    },
    call(piece) {
      const last = pieces.at(-1);
      if (last?.kind === 'call' && last.index === piece.index && piece.head === null) {
        pieces[pieces.length - 1] = { ...last, arguments: last.arguments + piece.arguments };
      } else {
        pieces.push(piece);
      }
    },
    logprobs(entries) {
      const last = pieces.at(-1);
      if (last === undefined || last.kind === 'call') return;
      for (const entry of entries) growing.push(entry);
      pieces[pieces.length - 1] = { ...last, logprobs: growing };
    },
    take() {
      if (pieces.length === 0) return NOTHING;
      const taken = pieces;
      pieces = [];
      return taken;
    },
  };
}

const NOTHING: readonly Piece[] = [];
