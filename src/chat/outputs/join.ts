import { type Segments } from './output.js';

/**
 * Puts `separator` between two blocks of reasoning, and between the pieces of content around a
 * block; each only once text follows.
 */
export function joined(segments: Segments, separator: string): Segments {
  let hasReasoning = false;
  let hasContent = false;
  let isNewBlock = false;
  let isBehindBlock = false;
  return {
    open() {
      isNewBlock = true;
      segments.open();
    },
    reasoning(text) {
      if (isNewBlock && hasReasoning) segments.reasoning(separator);
      isNewBlock = false;
      hasReasoning = true;
      segments.reasoning(text);
    },
    close(cause) {
      isBehindBlock = true;
      segments.close(cause);
    },
    content(text) {
      if (isBehindBlock && hasContent) segments.content(separator);
      isBehindBlock = false;
      hasContent = true;
      segments.content(text);
    },
    space(text) {
      segments.space(text);
    },
  };
}
