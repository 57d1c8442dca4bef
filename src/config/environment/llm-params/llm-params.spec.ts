import { describe, expect, it } from '@jest/globals';
import { readLlmParams } from './llm-params.js';

/** The parameters of the only group, as values. */
function setBy(text: string): Record<string, unknown> {
  const { entries, faults } = readLlmParams(text);
  expect(faults).toEqual([]);
  const [entry] = entries;
  return Object.fromEntries(
    (entry?.params.set ?? []).map(({ name, json }) => [name, JSON.parse(json) as unknown]),
  );
}

const STRIP = {
  input: {
    open: '<think>',
    close: '</think>',
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
};

describe('readLlmParams', () => {
  it('makes an entry of each group', () => {
    const { entries, faults } = readLlmParams(
      'model=fast,upstream_model_name=qwen3,temperature=0.7,append_to_last_user_message= /no_think;' +
        'model=default,top_k=20;\n',
    );
    expect(faults).toEqual([]);
    expect(entries).toEqual([
      {
        name: 'fast',
        model: 'qwen3',
        backends: null,
        params: { set: [{ name: 'temperature', json: '0.7' }], default: [], drop: [] },
        reasoning: {},
        appendToLastUserMessage: ' /no_think',
        affinity: undefined,
      },
      {
        name: 'default',
        model: null,
        backends: null,
        params: { set: [{ name: 'top_k', json: '20' }], default: [], drop: [] },
        reasoning: {},
        appendToLastUserMessage: null,
        affinity: undefined,
      },
    ]);
  });

  it.each<[string, unknown]>([
    ['temperature=0.7', { temperature: 0.7 }],
    ['temperature=1', { temperature: 1 }],
    ['temperature= .5 ', { temperature: 0.5 }],
    ['presence_penalty=-1.5e-1', { presence_penalty: -0.15 }],
    ['top_k=20', { top_k: 20 }],
    ['seed=-1', { seed: -1 }],
    ['max_tokens=4096', { max_tokens: 4096 }],
    ['stream=true', { stream: true }],
    ['stream=False', { stream: false }],
    ['logprobs=true', { logprobs: true }],
    ['logprobs=5', { logprobs: 5 }],
    ['think=high', { think: 'high' }],
    ['seed=null', { seed: null }],
    ['stop=null', { stop: null }],
    ['reasoning_effort=high', { reasoning_effort: 'high' }],
    ['user=007', { user: '007' }],
    ['user=', { user: '' }],
    ['user=a=b', { user: 'a=b' }],
    ['user= a ', { user: ' a ' }],
    ['user=null\\u0020', { user: null }],
    ['user=a\\u002cb\\u003bc', { user: 'a,b;c' }],
    ['user=a\\nb', { user: 'a\nb' }],
    ['user=\\u005cn', { user: '\\n' }],
    ['user=C:\\dir', { user: 'C:\\dir' }],
    ['user=\\ud83d\\ude00', { user: '😀' }],
    [' a.b = 1 , ,', { 'a.b': ' 1 ' }],
  ])('reads the parameters of %s', (text, expected) => {
    expect(setBy(`model=m,${text}`)).toEqual(expected);
    expect(setBy(`${text},model=m`)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    [
      'think_tag_start=[T],think_tag_end=[/T]',
      { ...STRIP, input: { ...STRIP.input, open: '[T]', close: '[/T]' } },
    ],
    ['think_tag_end=\\n</t>', { ...STRIP, input: { ...STRIP.input, close: '\n</t>' } }],
    ['enable_think_tag_filtering=true', STRIP],
    ['enable_think_tag_filtering=false', { output: 'keep' }],
    ['think_tag_start=[T],enable_think_tag_filtering=false', { output: 'keep' }],
    ['n=1', {}],
  ])('reads the reasoning of %s', (text, expected) => {
    const { entries, faults } = readLlmParams(`model=m,${text}`);
    expect(faults).toEqual([]);
    expect(entries.map(({ reasoning }) => reasoning)).toEqual([expected]);
  });

  it.each(['', ';', ' ; \n'])('reads nothing in %j', (text) => {
    expect(readLlmParams(text)).toEqual({ entries: [], faults: [] });
  });

  it.each<[string, string]>([
    [
      'model=a;model=b,temperature=warm',
      'group 2 (model b), temperature: must be a number or null',
    ],
    ['model=a-b,top_k=1.5', 'group 1 (model "a-b"), top_k: must be a whole number or null'],
    ['model=a,seed=9007199254740993', 'group 1 (model a), seed: must be a whole number or null'],
    ['model=a,temperature=1e999', 'group 1 (model a), temperature: must be a number or null'],
    ['model=a,temperature=', 'group 1 (model a), temperature: must be a number or null'],
    ['model=a,stream=yes', 'group 1 (model a), stream: must be true or false'],
    ['temperature=1', 'group 1 (no model): must say model=NAME'],
    ['model=,n=1', 'group 1 (no model), model: must have 1 to 256 characters'],
    ['model=a\\nb', 'group 1 (model "a\\nb"), model: must have 1 to 256 characters'],
    ['model=__proto__', 'group 1 (model __proto__), model: is not allowed as a name'],
    ['model=a,stop=x, y', 'group 1 (model a): key=value is expected between commas'],
    ['model=a,=1', 'group 1 (model a): a key is expected before ='],
    ['model=a,n=1,n=2', 'group 1 (model a), n: is given twice'],
    ['model=a,__proto__=1', 'group 1 (model a), __proto__: is not allowed as the name'],
    ['model=a,constructor=1', 'group 1 (model a), constructor: is not allowed as the name'],
    ['model=a,stop=\\u00g0', 'group 1 (model a), stop: has a \\u without four'],
    ['model=a,think_tag_start=', 'group 1 (model a), think_tag_start: must not be empty'],
    [
      'model=a,enable_think_tag_filtering=1',
      'group 1 (model a), enable_think_tag_filtering: must be true',
    ],
    [';model=a; ;model=a', 'group 2 (model a), model: must be unique; group 1 has the same'],
  ])('refuses %j and says where', (text, message) => {
    const { faults } = readLlmParams(text);
    expect(faults).toEqual([{ path: 'LLM_PARAMS', message: expect.stringContaining(message) }]);
  });

  it('reports every fault of every group', () => {
    const { entries, faults } = readLlmParams('model=a,n=x,seed=y;n=1;model=b');
    expect(faults).toHaveLength(3);
    expect(entries.map(({ name }) => name)).toEqual(['b']);
  });
});
