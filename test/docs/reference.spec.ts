import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { configurationReference } from '../../scripts/configuration-reference.mjs';
import { sectionsOf } from '../../scripts/schema-sections.mjs';
import { inProject, page } from '../support/documents.js';

const environment = readFileSync(inProject('.env.example'), 'utf8');

describe('docs/configuration.md', () => {
  it('is what `npm run docs:configuration` writes', () => {
    const schema: unknown = JSON.parse(readFileSync(inProject('config.schema.json'), 'utf8'));
    expect(page('docs/configuration.md').text).toBe(
      configurationReference(schema as object, environment),
    );
  });

  it.each([
    [{ type: 'integer', minimum: 1, maximum: 9, default: 2 }, '(integer 1 to 9; default `2`)'],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 5 }, '(number above 0, up to 5)'],
    [{ type: 'string', minLength: 1 }, '(non-empty string)'],
    [{ type: 'string', enum: ['a', 'b'], default: 'a' }, '(`a`, `b`; default `"a"`)'],
    [{ type: 'array', items: { type: 'string' }, minItems: 1 }, '(non-empty list of strings)'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, '(object of string)'],
    [{ anyOf: [{ type: 'number' }, { $ref: '#/definitions/A' }] }, '(number, or [`key`](#key))'],
  ])('says %j in words', (property, words) => {
    const schema = {
      properties: { key: { description: 'Of *<a>*.', ...property } },
      definitions: { A: { properties: {} } },
    };
    expect(configurationReference(schema, '')).toContain(`- \`key\`: Of \\*\\<a>\\*. ${words}\n`);
  });

  it('marks a key that must be there', () => {
    const schema = { properties: { key: { type: 'string' } }, required: ['key'] };
    expect(configurationReference(schema, '')).toContain('(string; **required**)');
  });

  it('has a variable with the sentence before it', () => {
    const reference = configurationReference(
      {},
      'Of the file.\n\n# One,\n# two.\nA=\n# Three.\nB=\n',
    );
    expect(reference).toContain('- `A`: One, two.\n- `B`: Three.\n');
  });
});

describe('the sections of a schema', () => {
  it('are named by what their places end in alike', () => {
    const a = { $ref: '#/definitions/A' };
    const b = { $ref: '#/definitions/B' };
    const schema = {
      properties: { one: { type: 'array', items: a }, two: { allOf: [a] }, three: b },
      definitions: {
        A: { properties: { b } },
        B: { properties: { c: { additionalProperties: { $ref: '#/definitions/C' } } } },
        C: {},
      },
    };
    expect(sectionsOf(schema).map(({ name, paths }) => [name, paths])).toEqual([
      [null, ['']],
      ['', ['one[]', 'two']],
      ['', ['three', 'one[].b', 'two.b']],
      ['c.*', ['three.c.*', 'one[].b.c.*', 'two.b.c.*']],
    ]);
  });
});
