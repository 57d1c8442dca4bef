import { byteString, utf8OfBytes } from '../../wire/byte-text.js';
import { jsonValueOfBytes } from '../../wire/json/json-value.js';
import { createSseDecoder } from '../../wire/sse/sse-decoder.js';
import { dataIn } from '../../wire/sse/sse-lines.js';
import { type Spoken, spokenIn } from '../noting/stream/spoken.js';
import { type SampledReply } from './count-job.js';

/** What was read of a reply, and how much more there was. */
export interface CompletionText extends Readonly<Spoken> {
  /** What its tokens are to be multiplied with: the whole reply against what was read of it. */
  readonly factor: number;
}

/** The text a model wrote, as far as the sample of its reply shows it. */
export function completionTextOf({ bytes, totalBytes, isStream }: SampledReply): CompletionText {
  const text = byteString(bytes);
  const isWhole = totalBytes <= bytes.length;
  if (isStream) return streamText(text, isWhole ? null : totalBytes);
  const spoken = isWhole ? spokenIn(jsonValueOfBytes(text)) : null;
  const factor = bytes.length === 0 ? 1 : totalBytes / bytes.length;
  if (spoken !== null && spoken.answer + spoken.reasoning !== '') return { ...spoken, factor };
  return { ...spokenInCut(text), factor };
}

/** @param totalBytes - of the stream that goes on behind `text`; null when it does not */
function streamText(text: string, totalBytes: number | null): CompletionText {
  const spoken: Spoken = { answer: '', reasoning: '' };
  let readBytes = 0;
  const decoder = createSseDecoder({
    onBlock: (block) => {
      readBytes += block.length;
      const data = dataIn(block);
      const { answer, reasoning } = spokenIn(data === null ? null : jsonValueOfBytes(data));
      spoken.answer += answer;
      spoken.reasoning += reasoning;
    },
    onFragment: () => undefined,
  });
  decoder.feed(text);
  if (totalBytes === null) decoder.end();
  const factor = totalBytes === null || readBytes === 0 ? 1 : totalBytes / readBytes;
  return { ...spoken, factor };
}

/** A text member; its string may be cut off. A quote within a string has a backslash before it. */
const TEXT_MEMBER =
  /"(content|text|refusal|arguments|reasoning_content|reasoning)"\s*:\s*"((?:[^"\\]|\\.)*)/g;

/** The text in JSON that breaks off somewhere. */
function spokenInCut(bytes: string): Spoken {
  const spoken: Spoken = { answer: '', reasoning: '' };
  for (const [, name = '', literal = ''] of utf8OfBytes(bytes).matchAll(TEXT_MEMBER)) {
    spoken[name.startsWith('reasoning') ? 'reasoning' : 'answer'] += unescaped(literal);
  }
  return spoken;
}

/** @param literal - between its quotes; an escape at its end may be cut off */
function unescaped(literal: string): string {
  const whole = literal.replace(/\\u[0-9a-fA-F]{0,3}$/, '');
  try {
    const text: unknown = JSON.parse(`"${whole}"`);
    return typeof text === 'string' ? text : '';
  } catch {
    return literal;
  }
}
