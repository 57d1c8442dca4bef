import { describe, expect, it } from '@jest/globals';
import { JsonEdits } from './json-edits.js';
import { type JsonMember, type JsonSpan } from './json-span.js';
import { parseSpans } from './parse-spans.js';

function spansOf(text: string): JsonSpan {
  const span = parseSpans(text);
  if (span === null) throw new Error(`not JSON: ${text}`);
  return span;
}

function memberAt(span: JsonSpan, index: number): JsonMember {
  const found = span.members?.[index];
  if (found === undefined) throw new Error(`no member ${index}`);
  return found;
}

function itemAt(span: JsonSpan, index: number): JsonSpan {
  const found = span.items?.[index];
  if (found === undefined) throw new Error(`no item ${index}`);
  return found;
}

/** Edits the outermost value of `text`. */
function edited(text: string, edit: (edits: JsonEdits, span: JsonSpan) => void): string {
  const edits = new JsonEdits(text);
  edit(edits, spansOf(text));
  return edits.apply();
}

describe('JsonEdits', () => {
  it('gives back the very text when there is no edit', () => {
    const edits = new JsonEdits('{"a":1.0}');
    expect(edits.isEmpty).toBe(true);
    expect(edits.apply()).toBe('{"a":1.0}');
  });

  it('replaces a value and leaves every other character', () => {
    const text =
      ' { "model" :  "x", "t":1.0, "big":9223372036854775808, "t":1e0, "z":"\\u0000" }\n';
    const result = edited(text, (edits, span) => {
      edits.replace(memberAt(span, 0).value, '"gpt-oss-20b"');
      expect(edits.isEmpty).toBe(false);
    });
    expect(result).toBe(
      ' { "model" :  "gpt-oss-20b", "t":1.0, "big":9223372036854775808, "t":1e0, "z":"\\u0000" }\n',
    );
  });

  it('leaves bytes that are not UTF-8', () => {
    const text = '{"a":"\u00ff\u0080","b":1}';
    expect(
      edited(text, (edits, span) => {
        edits.replace(memberAt(span, 1).value, '2');
      }),
    ).toBe('{"a":"\u00ff\u0080","b":2}');
  });

  it('renames a member, in ASCII whatever the name', () => {
    const rename = (key: string) =>
      edited('{"a" : [1]}', (edits, span) => {
        edits.renameKey(memberAt(span, 0), key);
      });
    expect(rename('reasoning')).toBe('{"reasoning" : [1]}');
    expect(rename('a"\n é🌍')).toBe('{"a\\"\\n \\u00e9\\ud83c\\udf0d" : [1]}');
  });

  it('edits several values at any depth, in any order', () => {
    const text = '{"a":{"b":[1,2]},"c":3}';
    const result = edited(text, (edits, span) => {
      const b = memberAt(memberAt(span, 0).value, 0);
      edits.replace(memberAt(span, 1).value, '30');
      edits.replace(itemAt(b.value, 1), '20');
      edits.renameKey(b, 'bb');
    });
    expect(result).toBe('{"a":{"bb":[1,20]},"c":30}');
  });

  it.each([
    [[0], '{ "b" : 2 , "c" : 3 }'],
    [[1], '{ "a" : 1 , "c" : 3 }'],
    [[2], '{ "a" : 1 , "b" : 2 }'],
    [[0, 1], '{ "c" : 3 }'],
    [[1, 2], '{ "a" : 1 }'],
    [[0, 2], '{ "b" : 2 }'],
    [[2, 1], '{ "a" : 1 }'],
    [[0, 1, 2], '{  }'],
    [[1, 1], '{ "a" : 1 , "c" : 3 }'],
  ])('removes the members %j with the right commas', (indices, expected) => {
    const result = edited('{ "a" : 1 , "b" : 2 , "c" : 3 }', (edits, span) => {
      for (const index of indices) edits.removeMember(span, memberAt(span, index));
    });
    expect(result).toBe(expected);
  });

  it('removes the only member', () => {
    expect(
      edited('{"a":{"b":1}}', (edits, span) => {
        edits.removeMember(span, memberAt(span, 0));
      }),
    ).toBe('{}');
  });

  it.each([
    ['{}', '{"k":[0]}'],
    ['{ }', '{"k":[0] }'],
    ['{"a":1}', '{"a":1,"k":[0]}'],
    ['{"a":1 , "b":2 }', '{"a":1 , "b":2,"k":[0] }'],
  ])('inserts a member at the end of %s', (text, expected) => {
    expect(
      edited(text, (edits, span) => {
        edits.insertMember(span, 'k', '[0]');
      }),
    ).toBe(expected);
  });

  it('inserts members behind the one named, in the order given', () => {
    const result = edited('{"a":1, "b":2}', (edits, span) => {
      edits.insertMember(span, 'x', '8', { after: memberAt(span, 0) });
      edits.insertMember(span, 'y', '9', { after: memberAt(span, 0) });
    });
    expect(result).toBe('{"a":1,"x":8,"y":9, "b":2}');
  });

  it.each([
    [[0], 0, '{"k":0,"b":2,"c":3}'],
    [[0, 1], 0, '{"k":0,"c":3}'],
    [[0, 1], 1, '{"k":0,"c":3}'],
    [[1], 1, '{"a":1,"k":0,"c":3}'],
    [[1], 0, '{"a":1,"k":0,"c":3}'],
    [[2], 2, '{"a":1,"b":2,"k":0}'],
    [[1, 2], 1, '{"a":1,"k":0}'],
    [[0, 1, 2], 1, '{"k":0}'],
  ])('without %j, inserts behind member %s', (removed, after, expected) => {
    const result = edited('{"a":1,"b":2,"c":3}', (edits, span) => {
      edits.insertMember(span, 'k', '0', { after: memberAt(span, after) });
      for (const index of removed) edits.removeMember(span, memberAt(span, index));
    });
    expect(result).toBe(expected);
  });

  it('keeps the order of the members that stand for a removed front', () => {
    const result = edited('{"a":1,"b":2}', (edits, span) => {
      edits.removeMember(span, memberAt(span, 0));
      edits.removeMember(span, memberAt(span, 1));
      edits.insertMember(span, 'z', '0');
      edits.insertMember(span, 'y', '0', { after: memberAt(span, 0) });
    });
    expect(result).toBe('{"y":0,"z":0}');
  });

  it('removes and inserts items', () => {
    const result = edited('[1, 2, 3]', (edits, span) => {
      edits.removeItem(span, itemAt(span, 0));
      edits.insertItem(span, '2.5', { after: itemAt(span, 1) });
      edits.insertItem(span, '4');
    });
    expect(result).toBe('[2,2.5, 3,4]');
    expect(
      edited('[]', (edits, span) => {
        edits.insertItem(span, '{}');
      }),
    ).toBe('[{}]');
  });

  it('inserts at an empty range, before what begins there', () => {
    const result = edited('{"a":1}', (edits, span) => {
      edits.renameKey(memberAt(span, 0), 'b');
      edits.replace({ start: 1, end: 1 }, '"x":0,');
    });
    expect(result).toBe('{"x":0,"b":1}');
  });

  it('applies again with what came later', () => {
    const edits = new JsonEdits('[1,2]');
    const span = spansOf('[1,2]');
    edits.replace(itemAt(span, 0), '10');
    expect(edits.apply()).toBe('[10,2]');
    edits.removeItem(span, itemAt(span, 1));
    expect(edits.apply()).toBe('[10]');
  });
});

describe('JsonEdits, asked for what cannot be', () => {
  it('throws when edits overlap', () => {
    const twice = new JsonEdits('[1]');
    const item = itemAt(spansOf('[1]'), 0);
    twice.replace(item, '2');
    twice.replace(item, '3');
    expect(() => twice.apply()).toThrow(RangeError);

    const text = '{"a":1,"b":2}';
    const span = spansOf(text);
    const removed = new JsonEdits(text);
    removed.removeMember(span, memberAt(span, 1));
    removed.replace(memberAt(span, 1).value, '3');
    expect(() => removed.apply()).toThrow(RangeError);
  });

  it('throws when a part is not of the object or array named', () => {
    const span = spansOf('{"a":{"b":1},"c":[2]}');
    const inner = memberAt(span, 0).value;
    const array = memberAt(span, 1).value;
    const edits = new JsonEdits('');
    expect(() => {
      edits.removeMember(span, memberAt(inner, 0));
    }).toThrow(RangeError);
    expect(() => {
      edits.insertMember(inner, 'k', '1', { after: memberAt(span, 0) });
    }).toThrow(RangeError);
    expect(() => {
      edits.insertMember(array, 'k', '1');
    }).toThrow(RangeError);
    expect(() => {
      edits.insertItem(inner, '1');
    }).toThrow(RangeError);
    expect(() => {
      edits.removeItem(array, inner);
    }).toThrow(RangeError);
  });

  it('throws when the members are below the depth that was listed', () => {
    const span = parseSpans('{"a":{}}', { depth: 1 });
    if (span === null) throw new Error('not JSON');
    expect(() => {
      new JsonEdits('{"a":{}}').insertMember(memberAt(span, 0).value, 'k', '1');
    }).toThrow(RangeError);
  });

  it('throws when a span is not of the text', () => {
    const edits = new JsonEdits('[1]');
    edits.replace({ start: 1, end: 9 }, '2');
    expect(() => edits.apply()).toThrow(RangeError);
  });
});
