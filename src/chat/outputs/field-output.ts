import { type Output } from './output.js';

/** Moves the reasoning into fields of its own. The space around a block goes with its markers. */
export function fieldOutput(fields: readonly string[]): Output {
  return {
    fields,
    reasoningAs: 'reasoning',
    shows: new Set(['content']),
    render: (pieces) => ({
      open: () => undefined,
      close: () => undefined,
      space: () => undefined,
      reasoning: (text) => {
        pieces.reasoning(text);
      },
      content: (text) => {
        pieces.content(text);
      },
    }),
  };
}
