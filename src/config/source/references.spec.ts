import { describe, expect, it } from '@jest/globals';
import { replaceReferences } from './references.js';

const files: Readonly<Record<string, string>> = {
  '/etc/app/key': 'sk-file\n',
  '/run/secret': 'a\nb\r\n',
};

function replace(value: unknown, variables: Readonly<Record<string, string>> = {}) {
  return replaceReferences(value, {
    environment: new Map(Object.entries(variables)),
    folder: '/etc/app',
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
      return text;
    },
  });
}

describe('replaceReferences', () => {
  it.each([
    ['${KEY}', 'sk'],
    ['Bearer ${KEY}!', 'Bearer sk!'],
    ['${KEY}${KEY}', 'sksk'],
    ['${NONE:-text}', 'text'],
    ['${NONE:-}', ''],
    ['${KEY:-text}', 'sk'],
    ['${file:key}', 'sk-file'],
    ['${file:/run/secret}', 'a\nb'],
    ['$KEY', '$KEY'],
    ['${KEY', '${KEY'],
    ['${ODD}', '${KEY} $& $1'],
  ])('turns %j into %j', (text, expected) => {
    expect(replace([text], { KEY: 'sk', ODD: '${KEY} $& $1' })).toEqual({
      value: [expected],
      faults: [],
    });
  });

  it('reaches every string, leaves keys and other values alone', () => {
    const value = { '${A}': ['${A}', 1, null, true, { b: '${A}' }] };
    expect(replace(value, { A: 'x' }).value).toEqual({ '${A}': ['x', 1, null, true, { b: 'x' }] });
  });

  it('names variable and path of every reference that leads nowhere', () => {
    const { faults } = replace({ a: ['${NONE}'], b: '${file:none} ${MORE}', c: '${not a name}' });
    expect(faults).toEqual([
      { path: 'a[0]', message: 'the environment variable NONE is not set' },
      { path: 'b', message: 'the file none cannot be read: there is no such file' },
      { path: 'b', message: 'the environment variable MORE is not set' },
      { path: 'c', message: 'a reference is ${NAME}, ${NAME:-text} or ${file:/path}' },
    ]);
  });
});
