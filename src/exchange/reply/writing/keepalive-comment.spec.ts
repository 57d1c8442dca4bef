import { describe, expect, it } from '@jest/globals';
import { keepaliveCommentAt } from './keepalive-comment.js';
import { StreamEnd } from './stream-end.js';

describe('keepaliveCommentAt', () => {
  it.each([
    ['nothing', '', ': keepalive\n\n'],
    ['an event', 'data: 1\n\n', ': keepalive\n\n'],
    ['an event with an ID', 'id: 1\ndata: 1\n\n', ': keepalive\n'],
    ['what is left of an event that vanished', 'data: 1\n\nretry: 500\n', ': keepalive\n'],
    ['data without its blank line, which readers of blocks take for one', 'data: 1\n', null],
    ['the name of an event', 'event: x\n', null],
    ['half a line', 'data: 1\n\nid', null],
  ])('tells what can follow %s', (_what, text, comment) => {
    const end = new StreamEnd();
    end.add(Buffer.from(text));
    expect(keepaliveCommentAt(end)?.toString() ?? null).toBe(comment);
  });
});
