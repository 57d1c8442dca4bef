import { randomUUID } from 'node:crypto';
import { type ReplyObserver } from '../reply-observer.js';
import { type PieceList } from './piece.js';

/** What becomes of tool calls that a model wrote as text. */
export interface LeakedCalls {
  open(recipient: string): void;
  arguments(text: string): void;
  close(): void;
  /** Calls the backend itself sent count too, so that no index is used twice. */
  calledElsewhere(index: number): void;
  /** Whether calls were handed to the client, so that its finish reason is `tool_calls`. */
  hasCalls(): boolean;
}

/** Makes an id for each tool call. */
export type CallIds = () => string;

/** Ids as OpenAI's: `call_` and 24 letters or digits. */
export const randomCallId: CallIds = () => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** Leaves such calls out, and says so to the observer. */
export function dropLeakedCalls(observer: ReplyObserver): LeakedCalls {
  return {
    open: () => {
      observer.callDropped();
    },
    arguments: () => undefined,
    close: () => undefined,
    calledElsewhere: () => undefined,
    hasCalls: () => false,
  };
}

/** Hands them on as `tool_calls`, the arguments as they arrive. */
export function keepLeakedCalls(pieces: PieceList, newId: CallIds): LeakedCalls {
  let nextIndex = 0;
  let hasCalls = false;
  let index = 0;
  return {
    open(recipient) {
      index = nextIndex++;
      hasCalls = true;
      const name = recipient.replace(/^functions\./, '');
      pieces.call({ kind: 'call', index, head: { id: newId(), name }, arguments: '' });
    },
    arguments(text) {
      pieces.call({ kind: 'call', index, head: null, arguments: text });
    },
    close: () => undefined,
    calledElsewhere(other) {
      nextIndex = Math.max(nextIndex, other + 1);
    },
    hasCalls: () => hasCalls,
  };
}
