import { describe, expect, it } from '@jest/globals';
import { codeBlocks, jsonIn, loadedText, page, pages } from '../support/documents.js';

const TOP_KEYS = ['primary_backends', 'fallback_backends', 'models', 'settings'];

/** A backend for examples that leave theirs out, by the name that some of them use. */
const ELSEWHERE = [{ name: 'local', url: 'http://127.0.0.1:1234/v1' }];

interface Example {
  readonly text: string;
  readonly value: object;
}

function configurations(block: string): Example[] {
  const value = jsonIn(block);
  if (typeof value !== 'object' || value === null) return [];
  return TOP_KEYS.some((key) => key in value) ? [{ text: block, value }] : [];
}

// A part is loaded behind a backend; a whole as it stands, comments included.
function completed({ text, value }: Example): string {
  const isWhole = 'primary_backends' in value;
  return isWhole ? text : JSON.stringify({ primary_backends: ELSEWHERE, ...value });
}

/** A value for every variable that an example asks for. */
function variablesIn(text: string): Record<string, string> {
  const named = [...text.matchAll(/\$\{(\w+)[}:]/g)].filter(([, name]) => name !== 'file');
  const url = 'postgres://sluice@127.0.0.1/sluice';
  return Object.fromEntries(
    named.map(([, name = '']) => [name, name.endsWith('URL') ? url : 'a-value']),
  );
}

const examples = pages().flatMap((from) =>
  codeBlocks(from, 'json', 'jsonc')
    .flatMap(configurations)
    .map((example, at) => [`${from.path} (${at + 1})`, example] as const),
);

describe('an example of a configuration', () => {
  it('stands on several pages', () => {
    expect(examples.length).toBeGreaterThan(10);
    expect(examples.map(([name]) => name)).toEqual(
      expect.arrayContaining(['README.md (1)', 'docs/backends.md (3)', 'docs/moving.md (1)']),
    );
  });

  it.each(examples)('loads from %s', (_, example) => {
    const text = completed(example);
    const { backends, warnings } = loadedText(text, variablesIn(text));
    expect(backends.length).toBeGreaterThan(0);
    expect(warnings.filter((warning) => !warning.includes('a key of its own'))).toEqual([]);
  });
});

describe('docs/moving.md', () => {
  const moving = page('docs/moving.md');
  const variables = /LLM_PARAMS='([^']*)'/.exec(codeBlocks(moving, 'sh').join('\n'))?.[1] ?? '';

  it('says the same in a variable and in a file', () => {
    const env = { LLM_PARAMS: variables, UPSTREAM: 'http://127.0.0.1:8080/v1' };
    const [fromVariable] = loadedText(null, env).models;
    const [fromFile] = loadedText(codeBlocks(moving, 'json')[0] ?? null).models;
    expect(fromVariable).toMatchObject({
      name: 'qwen-quick',
      model: 'Qwen3-32B',
      appendToLastUserMessage: '\n\n/no_think',
    });
    const params = [...(fromVariable?.servedOn.values() ?? [])].map((served) => served.params);
    expect([...(fromFile?.servedOn.values() ?? [])].map((served) => served.params)).toEqual(params);
    const policies = [...(fromVariable?.servedOn.values() ?? [])].map(({ reasoning }) => reasoning);
    expect([...(fromFile?.servedOn.values() ?? [])].map(({ reasoning }) => reasoning)).toEqual(
      policies,
    );
  });
});
