import { type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { type Dialect, type DialectFactory } from './dialect.js';

/** A message taken apart. */
export interface Thoughts {
  readonly reasoning: string;
  /** The answer, without the white space that stood around a block. */
  readonly content: string;
  /** The message with the reasoning between the given tags, all white space in its place. */
  readonly tagged: string;
}

/** The tags to write around reasoning. */
export type TagPair = Pick<ReasoningPolicy, 'openTag' | 'closeTag'>;

/** @returns null where the text holds no reasoning that the dialect knows */
export function thoughtsIn(
  text: string,
  dialect: DialectFactory,
  { openTag, closeTag }: TagPair,
): Thoughts | null {
  const seen = { hasBlock: false, reasoning: '', content: '', tagged: '' };
  const reader: Dialect = dialect(
    {
      open: () => {
        seen.hasBlock = true;
        seen.tagged += openTag;
      },
      close: () => {
        seen.tagged += closeTag;
      },
      reasoning: (part) => {
        seen.reasoning += part;
        seen.tagged += part;
      },
      content: (part) => {
        seen.content += part;
        seen.tagged += part;
      },
      space: (part) => {
        seen.tagged += part;
      },
      markup: () => undefined,
      callOpen: () => undefined,
      callArguments: () => undefined,
      callClose: () => undefined,
    },
    { leadingSpace: 'hold' },
  );
  reader.feed(text);
  reader.end();
  return seen.hasBlock ? seen : null;
}
