import { describe, expect, it } from '@jest/globals';
import { type ReasoningInput } from '../../config/typed/reasoning-policy.js';
import { TAG_DEFAULTS } from '../../config/typed/tag-dialect.js';
import { type Dialect, type DialectOptions } from './dialect.js';
import { dialectFor } from './dialects.js';

/** What a dialect says of a text, one line for each segment, neighbours of a kind joined. */
function read(
  input: ReasoningInput,
  act: (reader: Dialect) => void,
  leadingSpace: DialectOptions['leadingSpace'] = 'hold',
): string[] {
  const seen: [kind: string, text: string][] = [];
  const add = (kind: string) => (text: string) => {
    const last = seen.at(-1);
    if (last?.[0] === kind) last[1] += text;
    else seen.push([kind, text]);
  };
  const reader = dialectFor(input)(
    {
      open: () => seen.push(['open', '']),
      close: (cause) => seen.push([`close at ${cause}`, '']),
      reasoning: add('r'),
      content: add('c'),
      space: add('space'),
      markup: add('markup'),
      callOpen: (recipient) => seen.push([`call ${recipient}`, '']),
      callArguments: add('arguments'),
      callClose: () => seen.push(['call ends', '']),
    },
    { leadingSpace },
  );
  act(reader);
  return seen.map(([kind, text]) => (text === '' ? kind : `${kind} ${JSON.stringify(text)}`));
}

function whole(input: ReasoningInput, text: string): string[] {
  return read(input, (reader) => {
    reader.feed(text);
    reader.end();
  }).filter((line) => !line.startsWith('markup'));
}

const BLOCK = ['open', 'r "r"', 'close at marker', 'c "a"'];
const OPEN_END = ['open', 'r "r"', 'close at end'];

describe('presets', () => {
  it.each<[ReasoningInput, string, string[]]>([
    ['none', '<think>r</think>a', ['c "<think>r</think>a"']],
    ['think', '<think>r</think>a', BLOCK],
    ['think', 'a <think>r</think>', ['c "a <think>r</think>"']],
    ['deepseek_r1', 'r</think>a', BLOCK],
    ['deepseek_r1', '<think>r</think>a', BLOCK],
    ['ernie45', 'r</think>a', BLOCK],
    ['olmo3', 'r', OPEN_END],
    ['qwen3', '<think>r<tool_call>a', ['open', 'r "r"', 'close at tool', 'c "<tool_call>a"']],
    ['qwen3_thinking', 'r<tool_call>a', ['open', 'r "r"', 'close at tool', 'c "<tool_call>a"']],
    ['glm45', '<think></think>a', ['open', 'close at marker', 'c "a"']],
    [
      'kimi_k2',
      '<think>r<|tool_calls_section_begin|>',
      ['open', 'r "r"', 'close at tool', 'c "<|tool_calls_section_begin|>"'],
    ],
    ['kimi', '◁think▷r◁/think▷a', BLOCK],
    ['minimax_m2', 'r</think>A</think>B', ['open', 'r "r"', 'close at marker', 'c "A"', 'c "B"']],
    ['magistral', '[THINK]r[/THINK]a', BLOCK],
    ['seed_oss', '<seed:think>r</seed:think>a', BLOCK],
    [
      'granite',
      'Here is my thought process:r Here is my response:a',
      ['open', 'r "r "', 'close at marker', 'c "a"'],
    ],
    ['hunyuan_a13b', '<think>\nr\n</think>\n<answer>\na\n</answer>', BLOCK],
    ['hunyuan_a13b', '<think>\n\n</think>\n<answer>\na\n</answer>', ['open', ...BLOCK.slice(2)]],
    ['hunyuan_a13b', 'a\n</answer>', ['c "a"']],
    ['gemma4', '<|channel>thought\nr<channel|>a', BLOCK],
    ['gemma4', '<|channel>r<channel|>a', BLOCK],
    ['gemma4', 'a<|channel>r<channel|>', ['c "a"', 'open', 'r "r"', 'close at marker']],
    ['cohere', '<|START_THINKING|>r<|END_THINKING|><|START_RESPONSE|>a<|END_RESPONSE|>', BLOCK],
    ['cohere', '<|START_TEXT|>a<|END_TEXT|>', ['c "a"']],
    ['cohere', 'a<|END_RESPONSE|>', ['c "a"']],
    [
      'openthinker',
      '<|begin_of_thought|>r<|end_of_thought|>\n<|begin_of_solution|>a<|end_of_solution|>',
      ['open', 'r "r"', 'close at marker', 'space "\\n"', 'c "a"'],
    ],
    ['apertus', '<|inner_prefix|>r<|inner_suffix|>a', BLOCK],
    ['gemini', '<thought>r</thought>a', BLOCK],
    ['gemini', '<thoughts>a', ['c "<thoughts>a"']],
    ['granite33', '<think>r</think><response>a</response>', BLOCK],
    [
      'kimi_k3',
      'r<|close|>think<|sep|><|open|>response<|sep|>a<|close|>response<|sep|><|close|>message<|sep|>',
      BLOCK,
    ],
    [
      'kimi_k3',
      'r<|open|>tools<|sep|>',
      ['open', 'r "r"', 'close at tool', 'c "<|open|>tools<|sep|>"'],
    ],
    ['minimax_m3', '<mm:think>r</mm:think>a', BLOCK],
    ['minimax_m3', '</mm:think>a', ['c "a"']],
    [
      'longcat',
      '<longcat_think>r<longcat_tool_call>',
      ['open', 'r "r"', 'close at tool', 'c "<longcat_tool_call>"'],
    ],
    [
      'inkling',
      '<|content_thinking|>r<|end_message|><|message_model|><|content_text|>a<|end_message|><|content_model_end_sampling|>',
      BLOCK,
    ],
  ])('%s reads %j', (input, text, expected) => {
    expect(whole(input, text)).toEqual(expected);
  });
});

describe('auto', () => {
  it.each<[string, string[]]>([
    ['<think>r</think>a', BLOCK],
    [' \n<think>r</think>a', ['space " \\n"', ...BLOCK]],
    ['◁think▷r◁/think▷a', BLOCK],
    ['[THINK]r[/THINK]a', BLOCK],
    ['<mm:think>r</mm:think>a', ['c "<mm:think>r</mm:think>a"']],
    ['<thought>r</thought>a', ['c "<thought>r</thought>a"']],
    ['<seed:think>r</seed:think>a', BLOCK],
    ['<|channel>thought\nr<channel|>a', BLOCK],
    ['<|channel|>analysis<|message|>r<|end|>', ['open', 'r "r"', 'close at marker']],
    ['<|start|>assistant<|message|>a', ['c "a"']],
    [' to=functions.f<|message|>{}<|call|>', ['call functions.f', 'arguments "{}"', 'call ends']],
    ['to=5 is the answer', ['c "to=5 is the answer"']],
    ['to be', ['c "to be"']],
    ['r</think>a', ['c "r</think>a"']],
    ['Here is my recipe', ['c "Here is my recipe"']],
    ['  plain', ['c "  plain"']],
    ['', []],
  ])('reads %j', (text, expected) => {
    expect(whole('auto', text)).toEqual(expected);
  });

  it('settles as soon as the message cannot hold reasoning any more', () => {
    const settled: boolean[] = [];
    read('auto', (reader) => {
      for (const text of ['  ', '<thi', 's', ' <think>']) {
        reader.feed(text);
        settled.push(reader.isSettled());
      }
    });
    expect(settled).toEqual([false, false, true, true]);
  });

  it('lets leading space go at once where it shows in either case', () => {
    const seen = read(
      'auto',
      (reader) => {
        reader.feed(' \n');
      },
      'release',
    );
    expect(seen).toEqual(['c " \\n"']);
  });

  it('keeps the one space back with which a recipient begins where the prompt left off', () => {
    const text = '\n to=functions.f<|message|>{}<|call|>';
    for (const pieces of [[text], Array.from(text)]) {
      const seen = read(
        'auto',
        (reader) => {
          for (const piece of pieces) reader.feed(piece);
        },
        'release',
      ).filter((line) => !line.startsWith('markup'));
      expect(seen).toEqual(['c "\\n"', 'call functions.f', 'arguments "{}"', 'call ends']);
    }
  });
});

describe('tag dialects', () => {
  const tags = { ...TAG_DEFAULTS, open: '<r>', close: '</r>' };

  it('reads each block where its scope is anywhere', () => {
    const anywhere = { ...tags, scope: 'anywhere', trim: 'none' } as const;
    expect(whole(anywhere, 'a <r>b</r> c<r>d</r>')).toEqual([
      'c "a "',
      'open',
      'r "b"',
      'close at marker',
      'c " c"',
      'open',
      'r "d"',
      'close at marker',
    ]);
  });

  it('trims right behind both markers, and nowhere else', () => {
    expect(whole(tags, '<r> \nb \n</r>\n\na ')).toEqual([
      'open',
      'space " \\n"',
      'r "b \\n"',
      'close at marker',
      'space "\\n\\n"',
      'c "a "',
    ]);
  });

  it('ends an open block at a tool call, and takes what follows for the answer', () => {
    const seen = read(tags, (reader) => {
      reader.feed('<r>b</');
      reader.interrupt();
      reader.feed('<r>c');
      reader.end();
    }).filter((line) => !line.startsWith('markup'));
    expect(seen).toEqual(['open', 'r "b</"', 'close at tool', 'c "<r>c"']);
  });

  it('does not begin inside a block when reasoning came in a field', () => {
    const seen = read({ ...tags, implicitOpen: true }, (reader) => {
      reader.reasoningSeenElsewhere();
      reader.feed('answer');
      reader.end();
    });
    expect(seen).toEqual(['c "answer"']);
  });

  it('takes more than 1,024 characters of leading space for text', () => {
    const space = ' '.repeat(1025);
    const cut = read(tags, (reader) => {
      for (let at = 0; at < 1025; at += 25) reader.feed(' '.repeat(25));
      reader.feed('<r>b</r>');
      reader.end();
    });
    expect(cut).toEqual([`c ${JSON.stringify(`${space}<r>b</r>`)}`]);
    expect(whole(tags, `${space}<r>b</r>`)).toEqual(cut);
  });

  it('takes white space that a marker begins with for the marker, however it is cut', () => {
    const lines = {
      ...tags,
      open: '\n<r>\n',
      close: '\n</r>\n',
      contentOpen: ['\n<a>\n'],
      contentClose: ['\n</a>'],
    };
    const text = ' \n<r>\n\n</r>\n\n\n<a>\na\n</a>';
    const expected = ['space " "', 'open', 'close at marker', 'space "\\n"', 'c "a"'];
    expect(whole(lines, text)).toEqual(expected);
    const pieces = read(lines, (reader) => {
      for (const char of text) reader.feed(char);
      reader.end();
    });
    expect(pieces.filter((line) => !line.startsWith('markup'))).toEqual(expected);
  });

  it('reads the label of an open marker that stood in the prompt', () => {
    const labelled = { ...tags, implicitOpen: true, openLabel: 'thought\n' };
    expect(whole(labelled, 'thought\nb</r>a')).toEqual([
      'open',
      'r "b"',
      'close at marker',
      'c "a"',
    ]);
    expect(whole(labelled, 'though')).toEqual(['open', 'r "though"', 'close at end']);
  });

  it('keeps leading space back where it may belong to a marker', () => {
    const lines = { ...tags, close: '\n</r>', strayClose: 'drop' } as const;
    const seen = read(
      lines,
      (reader) => {
        for (const char of '\n</r>a') reader.feed(char);
        reader.end();
      },
      'release',
    );
    expect(seen).toEqual(['markup "\\n</r>"', 'c "a"']);
  });

  it('lets the shorter of two markers win that begin alike', () => {
    const alike = { ...tags, toolOpen: ['</', '</r>>'] };
    expect(whole(alike, '<r>b</r>a')).toEqual(['open', 'r "b"', 'close at tool', 'c "</r>a"']);
  });
});

describe('harmony', () => {
  it.each<[string, string[]]>([
    ['<|message|>a', ['c "a"']],
    ['a<|end|>', ['c "a"']],
    [' a ', ['c " a "']],
    ['<|channel|>final<|message|>a<|return|>\n', ['c "a"']],
    ['<|end|>assistant<|channel|>final<|message|>a', ['c "a"']],
    ['<|call|>commentary<|channel|>final<|message|>a', ['c "a"']],
    ['<|end|>commentary<|channel|>final<|message|>a', ['c "commentary"', 'c "a"']],
    ['assistant', ['c "assistant"']],
    ['<|channel|>analysis<|message|>r<|channel|>x', ['open', 'r "r<|channel|>x"', 'close at end']],
    ['<|channel|>analysis<|message|>', ['open', 'close at end']],
    ['<|channel|>analysis', []],
    ['<|start|>assistant', []],
    ['<|channel|>odd<|message|>a', ['c "a"']],
    ['<|start|>tool to=assistant<|channel|>analysis<|message|>a', ['c "a"']],
    ['<|channel|>analysis to=assistant<|message|>r', ['open', 'r "r"', 'close at end']],
    [
      '<|start|>assistant<|channel|>commentary to=assistant<|channel|>analysis<|message|>r',
      ['open', 'r "r"', 'close at end'],
    ],
    ['<|start|>assistant to=assistant<|channel|>final<|message|>a', ['c "a"']],
    ['<|channel|>analysis r <|end|>', ['open', 'r "r"', 'close at marker']],
    [
      '<|channel|>commentary to=f {"a":1}<|call|>',
      ['call f', 'arguments "{\\"a\\":1}"', 'call ends'],
    ],
    [
      '<|channel|>commentary to=f<|constrain|>json<|message|>{',
      ['call f', 'arguments "{"', 'call ends'],
    ],
    ['<|channel|>commentary json to=f<|message|>{', ['call f', 'arguments "{"', 'call ends']],
    ['<|channel|>commentary say to=f<|end|>', ['c "say to=f"']],
    ['to=f', []],
  ])('reads %j', (text, expected) => {
    expect(whole('harmony', text)).toEqual(expected);
  });

  it('takes a header of more than 1,024 characters for text of the channel it names', () => {
    const long = 'x'.repeat(1100);
    expect(whole('harmony', `<|channel|>analysis ${long}<|end|>`)).toEqual([
      'open',
      `r "${long}"`,
      'close at marker',
    ]);
    expect(whole('harmony', `<|start|>${long}<|end|>`)).toEqual([`c "${long}"`]);
  });
});
