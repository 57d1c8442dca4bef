import { rewrittenStream } from '../rewritten-stream.mjs';
import { streamText } from '../upstream-replies.mjs';

export const name = 'rewrite';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const [thought, answer] = streamText('think').replace('<think>', '').split('</think>');
  return [
    await rewrittenStream(bench, {
      what: 'a plain answer, looked at with no configuration',
      model: 'plain',
      fields: { content: streamText('plain') },
    }),
    await rewrittenStream(bench, {
      what: '<think> stream to reasoning_content',
      model: 'think',
      reasoning: { input: 'think', output: 'reasoning_content' },
      // White space after a marker goes with it.
      fields: { reasoning_content: thought.trimStart(), content: answer.trimStart() },
    }),
  ];
}
