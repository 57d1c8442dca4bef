import { describe, expect, it } from '@jest/globals';
import { mergeReasoning, type ReasoningLayer, stripBetween } from './reasoning.js';

describe('mergeReasoning', () => {
  const defaults = {
    input: 'auto',
    output: 'tags',
    openTag: '<think>',
    closeTag: '</think>',
    fields: null,
    history: 'keep',
    harmonyCalls: 'drop',
  };

  it.each<[readonly ReasoningLayer[], object]>([
    [[], {}],
    [[{}, {}], {}],
    [[{ output: 'strip' }], { output: 'strip' }],
    [[{ output: 'strip', fields: 'keep' }, { output: 'both' }], { output: 'both', fields: 'keep' }],
    [[{ output: 'strip' }, { output: 'tags' }], { output: 'tags' }],
    [
      [{ history: 'strip' }, { harmonyCalls: 'tool_calls' }],
      { history: 'strip', harmonyCalls: 'tool_calls' },
    ],
    [
      [
        { input: 'harmony', openTag: '[a]' },
        { openTag: '[b]', closeTag: '[/b]' },
      ],
      { input: 'harmony', openTag: '[b]', closeTag: '[/b]' },
    ],
  ])('merges %j key by key, weakest first', (layers, expected) => {
    expect(mergeReasoning(...layers)).toEqual({ ...defaults, ...expected });
  });
});

describe('stripBetween', () => {
  it('takes the markers anywhere and leaves all white space', () => {
    expect(stripBetween({ open: '[T]', close: '[/T]' })).toEqual({
      input: {
        open: '[T]',
        close: '[/T]',
        implicitOpen: false,
        scope: 'anywhere',
        trim: 'none',
        toolOpen: [],
        strayClose: 'keep',
        openLabel: '',
        contentOpen: [],
        contentClose: [],
        join: '',
      },
      output: 'strip',
    });
  });
});
