import { type Output } from './output.js';

/** Writes the reasoning into the content between two tags; all white space stays. */
export function tagOutput(openTag: string, closeTag: string): Output {
  return {
    fields: [],
    reasoningAs: 'content',
    shows: new Set(['content', 'reasoning', 'space']),
    render: (pieces) => {
      const show = (text: string): void => {
        pieces.content(text);
      };
      return {
        open: () => {
          show(openTag);
        },
        close: () => {
          show(closeTag);
        },
        reasoning: show,
        space: show,
        content: show,
      };
    },
  };
}
