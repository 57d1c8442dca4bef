import { describe, expect, it } from '@jest/globals';
import { readJsonPath } from './json-path.js';

describe('readJsonPath', () => {
  it('reads names, indexes, wildcards and descent', () => {
    expect(readJsonPath(`$.messages[*]['content'][0]..text.*`)).toEqual([
      { kind: 'member', name: 'messages' },
      { kind: 'each' },
      { kind: 'member', name: 'content' },
      { kind: 'item', index: 0 },
      { kind: 'descend' },
      { kind: 'member', name: 'text' },
      { kind: 'each' },
    ]);
  });

  it.each(['$', 'messages', '$messages', '$.', '$..', '$[1:2]', '$[?(@.a)]', '$.a b', "$['a", ''])(
    'refuses %j',
    (text) => {
      expect(readJsonPath(text)).toBeNull();
    },
  );
});
