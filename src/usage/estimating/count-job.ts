import { Buffer } from 'node:buffer';
import { type ReplySample } from '../../exchange/reply/reply-sample.js';
import { type PromptText } from './prompt-text.js';

/** What is known of a reply that is to be counted. */
export type SampledReply = Omit<ReplySample, 'release'>;

/** Of what the tokens of a request are counted. */
export type PromptSource =
  /** The whole request: its text is looked for where it is counted. */
  | { readonly is: 'request'; readonly bytes: Uint8Array }
  /** What was found in a request that is too large to be handed over. */
  | ({ readonly is: 'text'; readonly textBytes: number } & PromptText);

/** What is to be counted of one exchange. Null is what it has not, or what is not counted of it. */
export interface CountJob {
  readonly prompt: PromptSource | null;
  readonly reply: SampledReply | null;
}

/** Tokens; null for what had no text to be read. */
export interface TokenCounts {
  readonly prompt: number | null;
  /** Of the whole reply, its reasoning included. */
  readonly completion: number | null;
  /** Null also where there was none. */
  readonly reasoning: number | null;
}

/** A text that was found in a request, as what is counted. */
export function textSource(prompt: PromptText): PromptSource {
  return { is: 'text', textBytes: Buffer.byteLength(prompt.text), ...prompt };
}
