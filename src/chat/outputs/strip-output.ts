import { type Output } from './output.js';

/** Leaves the reasoning out, with the white space around it. */
export function stripOutput(): Output {
  return {
    fields: [],
    reasoningAs: null,
    shows: new Set(['content']),
    render: (pieces) => ({
      open: () => undefined,
      reasoning: () => undefined,
      close: () => undefined,
      space: () => undefined,
      content: (text) => {
        pieces.content(text);
      },
    }),
  };
}
