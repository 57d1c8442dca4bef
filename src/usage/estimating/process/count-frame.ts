import { type Buffer } from 'node:buffer';
import { SAMPLE_BYTES } from '../../noting/sample/reply-samples.js';
import { type CountJob, type PromptSource, type SampledReply } from '../count-job.js';
import { MAX_PROMPT_CHARACTERS } from '../prompt-text.js';

/** Most bytes of a request that are handed over as they are; of a larger one it is the text. */
export const MAX_REQUEST_BYTES = MAX_PROMPT_CHARACTERS;

/** Of UTF-8, where a character is one of UTF-16, as strings count them. */
const MAX_BYTES_PER_CHARACTER = 3;

const NUMBER_BYTES = 8;
const NUMBERS = 7;

/** Stands before the bytes of the reply and of the prompt, and says what they are. */
export const HEADER_BYTES = NUMBERS * NUMBER_BYTES;

/** Of the largest job. */
export const MAX_FRAME_BYTES =
  HEADER_BYTES + SAMPLE_BYTES + MAX_PROMPT_CHARACTERS * MAX_BYTES_PER_CHARACTER;

const NONE = 0;
const STREAM = 1;
const JSON_TEXT = 2;
const REQUEST = 1;
const TEXT = 2;

/** How many bytes a job takes on its way to the process that counts. */
export function frameBytes({ prompt, reply }: CountJob): number {
  return HEADER_BYTES + (reply?.bytes.length ?? 0) + promptBytes(prompt);
}

/** @param room - holds as many bytes as the job takes, at least. */
export function writeFrame({ prompt, reply }: CountJob, room: Buffer): void {
  const replyBytes = reply?.bytes.length ?? 0;
  const isText = prompt?.is === 'text';
  const numbers = [
    replyKind(reply),
    replyBytes,
    reply?.totalBytes ?? 0,
    promptKind(prompt),
    promptBytes(prompt),
    isText ? prompt.factor : 1,
    isText ? prompt.frameTokens : 0,
  ];
  let at = 0;
  for (const number of numbers) at = room.writeDoubleLE(number, at);
  if (reply !== null) room.set(reply.bytes, at);
  at += replyBytes;
  // Half of a pair becomes U+FFFD, which takes as many tokens.
  if (isText) room.write(prompt.text, at);
  else if (prompt !== null) room.set(prompt.bytes, at);
}

/** How many bytes follow behind a header. */
export function bytesBehind(header: Buffer): number {
  const [, replyLength = 0, , , promptLength = 0] = numbersIn(header);
  return replyLength + promptLength;
}

/** @param bytes - what followed behind the header. */
export function readFrame(header: Buffer, bytes: Buffer): CountJob {
  const [reply = NONE, replyLength = 0, totalBytes = 0, prompt = NONE, , factor = 1, frame = 0] =
    numbersIn(header);
  const replyBytes = bytes.subarray(0, replyLength);
  const rest = bytes.subarray(replyLength);
  return {
    reply: reply === NONE ? null : { bytes: replyBytes, totalBytes, isStream: reply === STREAM },
    prompt: readPrompt(prompt, rest, { factor, frameTokens: frame }),
  };
}

function readPrompt(
  kind: number,
  bytes: Buffer,
  extent: { readonly factor: number; readonly frameTokens: number },
): PromptSource | null {
  if (kind === NONE) return null;
  if (kind === REQUEST) return { is: 'request', bytes };
  return { is: 'text', text: bytes.toString(), textBytes: bytes.length, ...extent };
}

function numbersIn(header: Buffer): readonly number[] {
  return Array.from({ length: NUMBERS }, (_, index) => header.readDoubleLE(index * NUMBER_BYTES));
}

function promptBytes(prompt: PromptSource | null): number {
  if (prompt === null) return 0;
  return prompt.is === 'request' ? prompt.bytes.length : prompt.textBytes;
}

function promptKind(prompt: PromptSource | null): number {
  if (prompt === null) return NONE;
  return prompt.is === 'request' ? REQUEST : TEXT;
}

function replyKind(reply: SampledReply | null): number {
  if (reply === null) return NONE;
  return reply.isStream ? STREAM : JSON_TEXT;
}
