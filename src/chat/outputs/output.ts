import { type ReasoningOutput, type ReasoningPolicy } from '../../config/reasoning-policy.js';
import { type SegmentSink } from '../dialects/dialect.js';
import { fieldOutput } from './field-output.js';
import { stripOutput } from './strip-output.js';
import { tagOutput } from './tag-output.js';

/** What the client is to receive, in order. */
export interface PieceSink {
  content(text: string): void;
  reasoning(text: string): void;
}

/** How reasoning comes out: one small file each; this table is all that knows them. */
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

/** The output a policy asks for; null for `keep`, where nothing is touched. */
export function outputFor(policy: ReasoningPolicy): Output | null {
  const kind: ReasoningOutput = policy.output;
  switch (kind) {
    case 'keep':
      return null;
    case 'strip':
      return stripOutput();
    case 'tags':
      return tagOutput(policy.openTag, policy.closeTag);
    case 'reasoning_content':
    case 'reasoning':
      return fieldOutput([kind]);
    case 'both':
      return fieldOutput(['reasoning_content', 'reasoning']);
    default: {
      const exhaustiveCheck: never = kind;
      return exhaustiveCheck;
    }
  }
}
