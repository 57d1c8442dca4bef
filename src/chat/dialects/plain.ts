import { type Dialect, type SegmentSink } from './dialect.js';

/** The dialect of a text that holds no reasoning: all of it is content. */
export function createPlainDialect(sink: SegmentSink): Dialect {
  return {
    name: () => 'none',
    feed: (text) => {
      sink.content(text);
    },
    interrupt: () => undefined,
    end: () => undefined,
    reasoningSeenElsewhere: () => undefined,
    glance: () => 'content',
    mayEndBlock: () => false,
    isSettled: () => true,
    heldLength: () => 0,
  };
}
