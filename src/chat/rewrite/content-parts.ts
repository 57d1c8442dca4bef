import { type JsonSpan, member, stringMember, textAt } from '../../wire/json/json-span.js';

/** Content given as a list of typed parts, as the Mistral API does. */
export interface ContentParts {
  readonly pieces: readonly { readonly kind: 'content' | 'reasoning'; readonly text: string }[];
  /** Whether every part is text or thinking, so that nothing is lost by reading it. */
  readonly isOnlyText: boolean;
  /** The parts that are no thinking, as JSON texts. */
  readonly answer: readonly string[];
}

/** @param json - byte string that the span is of */
export function readContentParts(json: string, list: JsonSpan): ContentParts {
  const pieces: { kind: 'content' | 'reasoning'; text: string }[] = [];
  const answer: string[] = [];
  let isOnlyText = true;
  for (const part of list.items ?? []) {
    const type = stringMember(json, part, 'type');
    const thinking = member(part, 'thinking')?.value;
    const text = stringMember(json, part, 'text');
    if (type === 'thinking' && thinking !== undefined) {
      pieces.push({ kind: 'reasoning', text: thinkingText(json, thinking) });
      continue;
    }
    answer.push(json.slice(part.start, part.end));
    if (type === 'text' && text !== null) {
      pieces.push({ kind: 'content', text });
    } else {
      isOnlyText = false;
    }
  }
  return { pieces, isOnlyText, answer };
}

function thinkingText(json: string, thinking: JsonSpan): string {
  if (thinking.kind === 'string') return textAt(json, thinking);
  return (thinking.items ?? []).map((item) => stringMember(json, item, 'text') ?? '').join('');
}
