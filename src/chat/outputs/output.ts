import { type SegmentSink } from '../dialects/dialect.js';

/** What the client is to receive, in order. */
export interface PieceSink {
  content(text: string): void;
  reasoning(text: string): void;
}

/** How reasoning comes out. Each has a small file; `outputs.ts` alone knows them all. */
export interface Output {
  /** Turns the segments of a message into what the client receives. */
  readonly render: (pieces: PieceSink) => Segments;
  /** Names of the fields that carry reasoning, empty where none does. */
  readonly fields: readonly string[];
  /** What the client receives reasoning as; null where it receives none. */
  readonly reasoningAs: 'content' | 'reasoning' | null;
  /** Kinds of text that the client sees as content; their log probabilities stay. */
  readonly shows: ReadonlySet<'content' | 'reasoning' | 'space'>;
}

/** The part of a sink that deals with text; calls and markup are no matter of the output. */
export type Segments = Pick<SegmentSink, 'open' | 'reasoning' | 'close' | 'content' | 'space'>;
