import { rewrittenStream } from '../rewritten-stream.mjs';
import { streamText } from '../upstream-replies.mjs';

const HARMONY = /^.*?<\|message\|>(.*)<\|end\|>.*<\|message\|>(.*)$/;

export const name = 'harmony';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const content = streamText('harmony').replace(HARMONY, '<think>$1</think>$2');
  return [
    await rewrittenStream(bench, {
      what: 'harmony to <think> tags, no configuration',
      model: 'harmony',
      fields: { content },
    }),
  ];
}
