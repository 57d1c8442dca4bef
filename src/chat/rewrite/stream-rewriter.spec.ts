import { describe, expect, it } from '@jest/globals';
import {
  cut,
  rewriteJsonBytes,
  rewriteStreamPieces,
  policyOf,
  tagsOf,
} from '../../../test/conformance/rewriting.js';
import { type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';

function stream(policy: Partial<ReasoningPolicy>, ...events: string[]): string[] {
  const bytes = Buffer.from(events.map((event) => `data: ${event}\n\n`).join(''));
  const out = Buffer.from(rewriteStreamPieces(policyOf(policy), [bytes])).toString();
  return out
    .split('\n\n')
    .slice(0, -1)
    .map((block) => block.replace(/^data: /, ''));
}

function json(policy: Partial<ReasoningPolicy>, body: string): string {
  return Buffer.from(rewriteJsonBytes(policyOf(policy), Buffer.from(body))).toString();
}

const delta = (value: object, rest: object = {}): string =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, delta: value, finish_reason: null, ...rest }] });

const fields = { input: 'think', output: 'reasoning_content' } as const;

const MIXED_PARTS = [
  { type: 'thinking', thinking: [{ type: 'text', text: 'r' }] },
  { type: 'text', text: 'a' },
  { type: 'reference', reference_ids: [1] },
];

describe('streams', () => {
  it('says the role once although the backend repeats it, but only where it rewrites', () => {
    const events = ['<think>', 'r', '</think>', 'a', 'b'].map((content) =>
      delta({ role: 'assistant', content }),
    );
    expect(stream(fields, ...events)).toEqual([
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'r' }),
      delta({ content: 'a' }),
      delta({ content: 'b' }),
    ]);
    const plain = ['a', 'b', 'c'].map((content) => delta({ role: 'assistant', content }));
    expect(stream(fields, ...plain)).toEqual(plain);
  });

  it('keeps content that is a list of parts where it stays, also beside a role that was said', () => {
    const content = [
      { type: 'thinking', thinking: 'r' },
      { type: 'text', text: 'b' },
    ];
    const seen = stream(
      { input: 'think', output: 'tags', openTag: '[', closeTag: ']' },
      delta({ role: 'assistant', content: '<think>r</think>a' }),
      delta({ role: 'assistant', content }),
    );
    expect(seen).toEqual([delta({ role: 'assistant', content: '[r]a' }), delta({ content })]);
  });

  it('says the role once although a repeated one comes with text that is held', () => {
    const events = ['', '<', 'think', '>r</thi', 'nk>a'].map((content) =>
      delta({ role: 'assistant', content }),
    );
    expect(stream(fields, ...events)).toEqual([
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'r' }),
      delta({ content: 'a' }),
    ]);
  });

  it.each([
    ['{"object":"error","message":"boom","code":500}'],
    ['{"type":"error","message":"boom"}'],
    ['{"error":{"message":"boom"}}'],
  ])('lets go of what it holds before the error %s', (error) => {
    expect(stream(fields, delta({ content: '<th' }), error).slice(-2)).toEqual([
      delta({ content: '<th' }),
      error,
    ]);
  });

  it('lets go of what it holds before an event that is named error', () => {
    const named = 'event: error\ndata: boom\n\n';
    const bytes = Buffer.from(`data: ${delta({ content: '<th' })}\n\n${named}`);
    const out = Buffer.from(rewriteStreamPieces(policyOf(fields), [bytes])).toString();
    expect(out.endsWith(`data: ${delta({ content: '<th' })}\n\n${named}`)).toBe(true);
  });

  it.each([
    ['\n', 'data: '],
    ['\r\n', 'data: '],
    ['\r', 'data:'],
  ])(
    'keeps event IDs and reconnection times of events that vanish, lines ending in %j',
    (end, name) => {
      const lines = (...parts: string[]): string => parts.map((part) => part + end).join('');
      const text = (content: string): string => name + delta({ content });
      const sent = [
        lines('id: 1', 'retry: 500', text('<think>'), ''),
        lines(text('a'), ':c', 'id:2', 'event: x', 'odd: y', ''),
        lines(text('</think>'), ''),
        lines(text('b'), ''),
      ];
      const bytes = Buffer.from(sent.join(''));
      for (const pieces of [[bytes], cut(bytes, 1), cut(bytes, 2)]) {
        const out = rewriteStreamPieces(policyOf({ input: 'think', output: 'strip' }), pieces);
        // A line end that was cut in two leaves its second half, which is a blank line.
        const seen = Buffer.from(out)
          .toString()
          .split(/[\r\n]+/);
        expect(seen.filter((line) => line !== '')).toEqual([
          ...['id: 1', 'retry: 500', ':c', 'id:2'],
          text('b'),
        ]);
      }
    },
  );

  it('leaves no blank line of a line end that is cut behind what vanishes or is written anew', () => {
    const event = (id: number, content: string): string =>
      `id: ${id}\r\ndata: ${delta({ content })}\r\n\r\n`;
    const sent = ['<think>', 'r', '</think>a', 'b', ''].map((text, id) => event(id, text)).join('');
    const bytes = Buffer.from(`${sent}: ping\r\n\r\ndata: [DONE]\r\n\r\n`);
    const written = (...pieces: Uint8Array[]): string =>
      Buffer.from(rewriteStreamPieces(policyOf(fields), pieces)).toString();
    for (let at = 1; at < bytes.length; at++) {
      expect(written(bytes.subarray(0, at), bytes.subarray(at))).toBe(written(bytes));
    }
    expect(written(...cut(bytes, 1))).toBe(written(bytes));
  });

  it.each(['\n', '\r\n', '\r'])(
    'lets no blank line follow what begins the next event, lines ending in %j',
    (end) => {
      const lines = (...parts: string[]): string => parts.map((part) => part + end).join('');
      const text = (content: string): string => `data: ${delta({ content })}`;
      const sent = [
        lines('retry: 5', text('<think>'), ''),
        lines(': ping', ''),
        lines(''),
        lines(': c', text('r'), ''),
        lines('event: x', 'id: 1', ''),
        lines(text('s'), ''),
        lines(text('</think>a'), ''),
        lines(': ping', ''),
      ];
      const bytes = Buffer.from(sent.join(''));
      for (const pieces of [[bytes], cut(bytes, 1), cut(bytes, 2)]) {
        const out = rewriteStreamPieces(policyOf({ input: 'think', output: 'strip' }), pieces);
        expect(Buffer.from(out).toString().replaceAll(/\r\n?/g, '\n')).toBe(
          ['retry: 5', ': ping', ': c', 'id: 1', text('a'), '', ': ping', '', ''].join('\n'),
        );
      }
    },
  );

  it.each(['\n', '\r\n', '\r'])(
    'ends the comments of events that vanish, lines ending in %j',
    (end) => {
      const thought = `data: ${delta({ content: '<think>' })}`;
      const sent = [thought, ': c', '', ': d', ''].map((line) => line + end).join('');
      const out = rewriteStreamPieces(policyOf(fields), [Buffer.from(sent)]);
      expect(Buffer.from(out).toString()).toBe([': c', '', ': d', '', ''].join(end));
    },
  );

  it.each([
    [': ping', ': ping\n\n'],
    [': ping\r\n', ': ping\r\n\r\n'],
    ['id: 7', 'id: 7\n\n'],
    ['event: x\n', 'event: x\n\n'],
    ['data: [1', 'data: [1\n\n'],
  ])('lets go of what it holds behind %j, which the stream ends with', (rest, ended) => {
    const held = `data: ${delta({ content: '<th' })}\n\n`;
    const bytes = Buffer.from(held + rest);
    for (const pieces of [[bytes], cut(bytes, 1)]) {
      const out = Buffer.from(rewriteStreamPieces(policyOf(fields), pieces)).toString();
      expect(out).toBe(ended + held);
    }
  });

  it('finishes a choice once although the backend says so twice', () => {
    const seen = stream(
      fields,
      delta({ content: '<think>r</think>a' }),
      delta({}, { finish_reason: 'stop' }),
      delta({}, { finish_reason: 'stop' }),
    );
    expect(seen.filter((event) => event.includes('"stop"'))).toHaveLength(1);
  });

  it('takes an empty reason to finish for none', () => {
    const going = (value: object): string => delta(value, { finish_reason: '' });
    const events = ['<thi', 'nk>r</th', 'ink>a', ''].map((content) => going({ content }));
    const finish = delta({}, { finish_reason: 'stop' });
    expect(stream(fields, ...events, finish)).toEqual([
      going({ reasoning_content: 'r' }),
      going({ content: 'a' }),
      going({ content: '' }),
      finish,
    ]);
  });

  it('rewrites a text beside the delta that says the same', () => {
    const twice = (content: string): string => delta({ content }, { text: content });
    const events = ['<think>', 'r</thi', 'nk>a', 'b'].map(twice);
    expect(stream({ ...fields, output: 'strip' }, ...events)).toEqual([twice('a'), twice('b')]);
    expect(stream(fields, twice('<think>r</think>a'), twice(' <'))).toEqual([
      delta({ reasoning_content: 'r' }, { text: '' }),
      twice('a'),
      twice(' <'),
    ]);
    const finish = delta({}, { finish_reason: 'stop', text: null });
    expect(stream(fields, twice('<thi'), finish)).toEqual([twice('<thi'), finish]);
    expect(stream({ input: 'think' }, ...events)).toEqual(
      ['<think>', 'r', '</think>a', 'b'].map(twice),
    );
  });

  it('rewrites a whole message that ends a stream as a body, by itself', () => {
    const whole = (message: object): string =>
      JSON.stringify({ object: 'chat.completion', choices: [{ index: 0, message }] });
    const last = whole({ role: 'assistant', content: '<think>r</think>a' });
    const events = [delta({ content: '<think>r</think>a' }), delta({ content: ' <' }), last];
    expect(stream({ ...fields, output: 'strip' }, ...events).slice(1)).toEqual([
      delta({ content: ' <' }),
      whole({ role: 'assistant', content: 'a' }),
    ]);
    expect(stream(fields, ...events).at(-1)).toBe(
      whole({ role: 'assistant', content: 'a', reasoning_content: 'r' }),
    );
    expect(stream(fields, last)).toEqual([
      whole({ role: 'assistant', content: 'a', reasoning_content: 'r' }),
    ]);
    const anywhere = { input: tagsOf({ scope: 'anywhere' }), output: 'strip' } as const;
    expect(stream(anywhere, ...events.slice(1))).toEqual([
      delta({ content: ' <' }),
      whole({ role: 'assistant', content: 'a' }),
    ]);
  });

  it.each([
    { choices: [], usage: { total_tokens: 1 } },
    { choices: [{ index: 0, finish_reason: null }] },
    { choices: [{ index: 0, message: null, finish_reason: null }] },
  ])('takes %j for no whole reply, whatever it calls itself', (rest) => {
    const misnamed = JSON.stringify({ object: 'chat.completion', ...rest });
    const events = [delta({ content: '<think>r</thi' }), misnamed, delta({ content: 'nk>a' })];
    expect(stream({ ...fields, output: 'strip' }, ...events)).toEqual([
      misnamed,
      delta({ content: 'a' }),
    ]);
  });

  it('reads misnamed chunks of legacy completions as parts of one text', () => {
    const chunk = (text: string): string =>
      JSON.stringify({ object: 'chat.completion', choices: [{ index: 0, text }] });
    const events = ['<think>', 'r', '</think>', 'a'].map(chunk);
    expect(stream({ ...fields, output: 'strip' }, ...events)).toEqual([chunk('a')]);
  });

  it.each([
    ['reasoning_content', ['reasoning_content']],
    ['both', ['reasoning_content', 'reasoning']],
  ] as const)('puts reasoning of a legacy completion into no text, with %s', (output, names) => {
    const chunk = (said: object, finish_reason: string | null = null): string =>
      JSON.stringify({
        object: 'text_completion',
        choices: [{ index: 0, ...said, finish_reason }],
      });
    const thought = (text: string): string =>
      chunk(Object.fromEntries(names.map((name) => [name, text])));
    const policy = { input: 'think', output } as const;
    const texts = ['<think>r', 'x</think>a</', ''].map((text) => chunk({ text }));
    expect(stream(policy, ...texts)).toEqual([
      thought('r'),
      thought('x'),
      chunk({ text: 'a</' }),
      chunk({ text: '' }),
    ]);
    const held = [chunk({ text: '<think>r</' }), chunk({ text: '' }, 'stop')];
    expect(stream(policy, ...held)).toEqual([
      thought('r'),
      thought('</'),
      chunk({ text: '' }, 'stop'),
    ]);
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    expect(stream(policy, chunk({ ...nulls, text: '<think>r</think>a' }))[0]).toBe(thought('r'));
    expect(stream(policy, chunk({ text: 'a', thinking: 'r' }))).toEqual([
      thought('r'),
      chunk({ text: 'a' }),
    ]);
  });

  it('keeps what it does not know on the chunk that brought it', () => {
    expect(stream(fields, delta({ content: '<think>', annotations: [1] }))).toEqual([
      delta({ content: '', annotations: [1] }),
    ]);
  });

  it('keeps usage on the last of the chunks that take the place of one', () => {
    const usage = { total_tokens: 3 };
    const event = JSON.stringify({
      choices: [{ index: 0, delta: { content: '<think>r</think>a' }, finish_reason: 'stop' }],
      usage,
    });
    const seen = stream(fields, event).map((each) => JSON.parse(each) as { usage: unknown });
    expect(seen.map((each) => each.usage)).toEqual([null, usage]);
  });

  it('counts the same text in two fields once, and other texts both', () => {
    const same = delta({ reasoning: 'r', reasoning_content: 'r' });
    const other = delta({ reasoning: 'x', reasoning_content: 'y' });
    expect(stream({ output: 'reasoning' }, same)).toEqual([delta({ reasoning: 'r' })]);
    expect(stream({ output: 'reasoning' }, other)).toEqual([delta({ reasoning: 'xy' })]);
  });

  it('leaves fields alone that are where the client wants them', () => {
    const events = [
      delta({ role: 'assistant', content: null, reasoning_content: '' }),
      delta({ content: null, reasoning_content: 'r' }),
      delta({ content: 'a', reasoning_content: null }),
    ];
    expect(stream(fields, ...events)).toEqual(events);
  });

  it('takes thinking out from among other parts, and closes its block before them', () => {
    const events = [delta({ role: 'assistant', content: MIXED_PARTS }), delta({ content: 'b' })];
    const rest = delta({ content: MIXED_PARTS.slice(1) });
    const end = delta({ content: 'b' });
    expect(stream({ output: 'strip' }, ...events)).toEqual([
      delta({ role: 'assistant', content: MIXED_PARTS.slice(1) }),
      end,
    ]);
    expect(stream(fields, ...events)).toEqual([
      delta({ role: 'assistant', reasoning_content: 'r' }),
      rest,
      end,
    ]);
    expect(stream({ output: 'tags', fields: 'rewrite' }, ...events)).toEqual([
      delta({ role: 'assistant', content: '<think>r</think>' }),
      rest,
      end,
    ]);
    const parted = MIXED_PARTS.map((part) => delta({ content: [part] }));
    expect(stream({ output: 'tags', fields: 'rewrite' }, ...parted)).toEqual([
      delta({ content: '<think>r' }),
      delta({ content: '</think>a' }),
      delta({ content: MIXED_PARTS.slice(2) }),
    ]);
  });

  it('does not write a name twice when another field holds null', () => {
    const seen = stream(fields, delta({ reasoning_content: null, reasoning: 'r' }));
    expect(seen).toEqual([delta({ reasoning_content: 'r' })]);
  });

  it('does not write a name twice when another field holds what nobody can read', () => {
    const opaque = delta({ content: '<think>r', reasoning: { x: 1 } });
    expect(stream({ input: 'think', output: 'both' }, opaque)).toEqual([
      delta({ reasoning_content: 'r', reasoning: 'r' }),
    ]);
  });

  it('reads a field that is an object around the text, and strips one whatever is in it', () => {
    const events = [delta({ reasoning_content: { text: 'r' } }), delta({ content: 'a' })];
    expect(stream({ output: 'reasoning' }, ...events)).toEqual([
      delta({ reasoning: 'r' }),
      delta({ content: 'a' }),
    ]);
    expect(stream(fields, ...events)).toEqual([
      delta({ reasoning_content: 'r' }),
      delta({ content: 'a' }),
    ]);
    expect(stream({ output: 'strip' }, ...events)).toEqual([delta({ content: 'a' })]);
    const opaque = { reasoning_content: { reasoningContent: { text: 'r' } }, content: 'a' };
    const body = JSON.stringify({ choices: [{ index: 0, message: opaque }] });
    expect(json({ output: 'strip' }, body)).toBe(
      JSON.stringify({ choices: [{ index: 0, message: { content: 'a' } }] }),
    );
    expect(json(fields, body)).toBe(body);
    expect(json({ output: 'reasoning' }, body)).toBe(body);
  });

  it('tells a field that nobody can read from one whose text is said elsewhere too', () => {
    const open = delta({ content: '<think>' });
    const echo = delta({ content: 'r', thinking: { text: 'r' } });
    expect(stream(fields, open, echo)).toEqual([delta({ reasoning_content: 'r' })]);
    const opaque = delta({ thinking: { x: 1 }, reasoning: 'r' });
    const once = stream(fields, opaque);
    expect(once).toEqual([delta({ thinking: { x: 1 }, reasoning_content: 'r' })]);
    expect(stream(fields, ...once)).toEqual(once);
  });

  it('keeps details that are no text for a client that reads fields, and drops them when stripping', () => {
    const encrypted = { type: 'reasoning.encrypted', data: 'x' };
    const event = delta({
      reasoning: 'r',
      reasoning_details: [{ type: 'reasoning.text', text: 'r' }, encrypted],
    });
    expect(stream(fields, event)).toEqual([
      delta({ reasoning_content: 'r', reasoning_details: [encrypted] }),
    ]);
    expect(stream({ output: 'strip' }, event)).toEqual([]);
  });

  it.each([
    ['Copilot', { reasoning_text: 'r' }],
    ['LiteLLM', { reasoning_content: 'r', thinking_blocks: [{ type: 'thinking', thinking: 'r' }] }],
  ])('strips the reasoning of %s', (_server, said) => {
    const events = [
      delta({ role: 'assistant', content: '' }),
      delta(said),
      delta({ content: 'a' }),
    ];
    const [first, , last] = events;
    expect(stream({ output: 'strip' }, ...events)).toEqual([first, last]);
    const moved = { output: 'tags', fields: 'rewrite' } as const;
    expect(stream(moved, ...events)).toEqual([
      first,
      delta({ content: '<think>r' }),
      delta({ content: '</think>a' }),
    ]);
  });

  it('keeps the blocks of LiteLLM, whose signatures a later turn needs, for readers of fields', () => {
    const thinking_blocks = [{ type: 'thinking', thinking: 'r', signature: 's' }];
    const provider_specific_fields = { thinking_blocks, reasoning_content: 'r', citations: null };
    const message = { content: 'a', reasoning_content: 'r', thinking_blocks };
    const body = (value: object): string =>
      JSON.stringify({ choices: [{ index: 0, message: value }] });
    const said = body({ ...message, provider_specific_fields });
    expect(json(fields, said)).toBe(said);
    expect(json({ output: 'strip' }, said)).toBe(
      body({ content: 'a', provider_specific_fields: { citations: null } }),
    );
    const held = delta({ content: '<th', thinking_blocks });
    expect(stream(fields, held)[0]).toBe(delta({ content: '', thinking_blocks }));
  });

  it.each([
    ['think', '<think>', '</think>'],
    ['auto', '<think>', '</think>'],
    ['harmony', '<|channel|>analysis<|message|>', '<|end|>'],
    ['hunyuan_a13b', '<think>\n', '\n</think>\n<answer>\n'],
  ] as const)(
    'takes a field for no echo whose text goes on otherwise, of %s',
    (input, open, end) => {
      const beside = (content: string): string[] => [
        delta({ content: open }),
        delta({ content, reasoning_content: 'a' }),
      ];
      const policy = { input, output: 'reasoning_content' } as const;
      expect(stream(policy, ...beside('and < b'))).toEqual([
        delta({ reasoning_content: 'aand < b' }),
      ]);
      const echoes = ['a', `a${end}`, `a${end.slice(0, 2)}`].map((text) =>
        stream(policy, ...beside(text)),
      );
      expect(echoes.map(([first]) => first)).toEqual(
        Array(3).fill(delta({ reasoning_content: 'a' })),
      );
    },
  );

  it.each([
    ['strip', { output: 'strip' }],
    ['tags', { input: 'think', output: 'tags', openTag: '[', fields: 'rewrite' }],
  ] as const)('leaves blocks of LiteLLM that are null as they are with %s', (_output, policy) => {
    const nulls = { thinking_blocks: null, provider_specific_fields: { thinking_blocks: null } };
    const said = delta({ content: 'a', ...nulls });
    expect(stream(policy, said)).toEqual([said]);
    const body = JSON.stringify({ choices: [{ index: 0, message: { content: 'a', ...nulls } }] });
    expect(json(policy, body)).toBe(body);
  });

  it.each([
    ['blocks of LiteLLM', { thinking_blocks: [{ type: 'thinking', signature: 's' }] }],
    ['what LiteLLM hands on', { provider_specific_fields: { thinking_blocks: [] } }],
    ['encrypted details', { reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] }],
  ])('leaves no empty chunk of %s that are stripped', (_what, said) => {
    const first = delta({ role: 'assistant', content: '' });
    const finish = delta({}, { finish_reason: 'stop' });
    const seen = stream({ output: 'strip' }, first, delta(said), delta({ ...said }), finish);
    expect(seen).toEqual([first, finish]);
    expect(stream({ output: 'strip' }, first, delta({ ...said, x: 1 }))).toEqual([
      first,
      delta({ x: 1 }),
    ]);
    expect(stream(fields, first, delta(said))).toEqual([first, delta(said)]);
  });

  it('keeps a chunk whose text is held for the blocks of LiteLLM, not for null, each time', () => {
    const held = (thinking_blocks: unknown): string[] => {
      const open = delta({ content: '<think>', thinking_blocks });
      const event = delta({ content: '</', thinking_blocks });
      return stream(fields, open, delta({ content: 'r' }), event, event, event, event);
    };
    const blocks = [{ type: 'thinking', thinking: '', signature: 's' }];
    expect(held(blocks).filter((event) => event.includes('"s"'))).toHaveLength(5);
    expect(held(null).filter((event) => event.includes('"content"'))).toEqual([]);
  });

  it('counts a field once that says what the same chunk says between tags', () => {
    const said = [
      delta({ content: '<think>\nThe', reasoning_content: 'The' }),
      delta({ content: ' use', reasoning_content: ' use' }),
      delta({ content: 'r</think>a', reasoning_content: 'r' }),
      delta({ content: 'b' }),
    ];
    expect(stream(fields, ...said)).toEqual([
      delta({ reasoning_content: 'The' }),
      delta({ reasoning_content: ' use' }),
      delta({ reasoning_content: 'r' }),
      delta({ content: 'a' }),
      delta({ content: 'b' }),
    ]);
    expect(stream({ output: 'strip' }, ...said)).toEqual([
      delta({ content: 'a' }),
      delta({ content: 'b' }),
    ]);
    expect(stream({ output: 'tags', fields: 'rewrite' }, ...said)).toEqual([
      delta({ content: '<think>\nThe' }),
      delta({ content: ' use' }),
      delta({ content: 'r</think>a' }),
      delta({ content: 'b' }),
    ]);
    const other = delta({ content: 'ax', reasoning_content: 'x' });
    expect(stream(fields, delta({ content: '<think>' }), other)).toEqual([
      delta({ reasoning_content: 'xax' }),
    ]);
  });

  it('keeps details that are no text in their own field, beside content that is a list of parts', () => {
    const reasoning_details = [{ type: 'reasoning.encrypted', data: 'x' }];
    const content = [{ type: 'thinking', thinking: [{ type: 'text', text: 'r' }] }];
    expect(stream(fields, delta({ content, reasoning: '', reasoning_details }))).toEqual([
      delta({ reasoning_content: 'r', reasoning_details }),
    ]);
  });

  it('keeps a field that stays where it is although the text beside it is held', () => {
    const brackets = { input: tagsOf({}), output: 'tags', openTag: '[', closeTag: ']' } as const;
    const details = [{ type: 'reasoning.encrypted', data: 'x' }];
    const events = [
      delta({ reasoning: 'r', content: '<th' }),
      delta({ reasoning_details: details, content: 'in' }),
      delta({ content: 'k>x</think>a' }),
    ];
    expect(stream(brackets, ...events)).toEqual([
      delta({ reasoning: 'r', content: '' }),
      delta({ reasoning_details: details, content: '' }),
      delta({ content: '[x]a' }),
    ]);
    const beside = delta({ reasoning_details: details, content: '<th' });
    expect(stream(fields, beside, delta({ content: 'ink>x' }))).toEqual([
      delta({ reasoning_details: details, content: '' }),
      delta({ reasoning_content: 'x' }),
    ]);
    expect(stream({ input: 'think', output: 'strip' }, beside, delta({ content: 'ink>' }))).toEqual(
      [],
    );
  });

  it('keeps a field that stays where it is although its text says more reasoning', () => {
    const seen = stream(
      { ...fields, fields: 'keep' },
      delta({ content: '<think>' }),
      delta({ content: 'x', reasoning_content: 'r' }),
    );
    expect(seen).toEqual([
      delta({ reasoning_content: 'x' }),
      delta({ content: '', reasoning_content: 'r' }),
    ]);
  });

  it('keeps the signature of a detail whose text moves, in a stream as in a body', () => {
    const signature = { type: 'reasoning.text', signature: 's', index: 0 };
    const signed = { type: 'reasoning.text', text: 'r', signature: 's', index: 0 };
    expect(stream(fields, delta({ reasoning: 'r', reasoning_details: [signed] }))).toEqual([
      delta({ reasoning_content: 'r', reasoning_details: [signature] }),
    ]);
    expect(stream(fields, delta({ reasoning_details: [{ ...signed, text: '' }] }))).toEqual([
      delta({ reasoning_details: [signature] }),
    ]);
    const body = (message: object): string => JSON.stringify({ choices: [{ index: 0, message }] });
    const said = body({ content: 'a', reasoning: 'r', reasoning_details: [signed] });
    expect(json(fields, said)).toBe(
      body({ content: 'a', reasoning_content: 'r', reasoning_details: [signature] }),
    );
    expect(json({ output: 'strip' }, said)).toBe(body({ content: 'a' }));
  });

  it('keeps fields where they are between tags unless told to move them', () => {
    const event = delta({ reasoning: 'r' });
    expect(stream({ output: 'tags' }, event)).toEqual([event]);
    expect(stream({ output: 'tags', fields: 'rewrite' }, event, delta({ content: 'a' }))).toEqual([
      delta({ content: '<think>r' }),
      delta({ content: '</think>a' }),
    ]);
  });

  it('keeps the log probabilities of tokens that are wholly in the answer', () => {
    const token = (text: string): object => ({ token: text, logprob: -1 });
    const event = (content: string, tokens: string[]): string =>
      delta({ content }, { logprobs: { content: tokens.map(token) } });
    const seen = stream(
      fields,
      event('<think>r', ['<think>', 'r']),
      event('x</thi', ['x', '</thi']),
      event('nk>a', ['nk>', 'a']),
      event('bc', ['b', 'c']),
    ).map(
      (each) => (JSON.parse(each) as { choices: { delta: object; logprobs: object }[] }).choices[0],
    );
    expect(seen).toEqual([
      {
        index: 0,
        delta: { reasoning_content: 'r' },
        finish_reason: null,
        logprobs: { content: null },
      },
      {
        index: 0,
        delta: { reasoning_content: 'x' },
        finish_reason: null,
        logprobs: { content: null },
      },
      {
        index: 0,
        delta: { content: 'a' },
        finish_reason: null,
        logprobs: { content: [token('a')] },
      },
      {
        index: 0,
        delta: { content: 'bc' },
        finish_reason: null,
        logprobs: { content: [token('b'), token('c')] },
      },
    ]);
  });

  it.each([
    ['null', delta({}, { logprobs: null, finish_reason: 'stop' })],
    ['none', delta({}, { finish_reason: 'stop' })],
  ])('keeps those of text that was held until a finish with %s', (_way, finish) => {
    const entry = { token: '<thi', logprob: -1 };
    const seen = stream(
      fields,
      delta({ content: '<thi' }, { logprobs: { content: [entry] } }),
      finish,
    ).map((event) => JSON.parse(event) as { choices: { delta: object; logprobs?: unknown }[] });
    const held = seen.find(
      ({ choices }) => 'content' in (choices[0]?.delta ?? {}) && choices[0]?.logprobs,
    );
    expect(seen.at(-1)).toEqual(JSON.parse(finish));
    expect(held?.choices[0]).toMatchObject({
      delta: { content: '<thi' },
      logprobs: { content: [entry] },
    });
  });

  it('keeps those of text that was held until a chunk came that says the same', () => {
    const entries = [-1, -2].map((logprob) => ({ token: '<', logprob }));
    const seen = stream(
      { input: tagsOf({ scope: 'anywhere' }), output: 'strip' },
      ...entries.map((entry) => delta({ content: '<' }, { logprobs: { content: [entry] } })),
      delta({}, { finish_reason: 'stop' }),
    ).map((event) => JSON.parse(event) as { choices: { logprobs?: { content: unknown } }[] });
    expect(seen.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? [])).toEqual(entries);
  });

  it('gives up the log probabilities where tokens are not the text', () => {
    const event = delta(
      { content: '<think>r</think>a' },
      { logprobs: { content: [{ token: '?' }] } },
    );
    const [, last] = stream(fields, event);
    expect(last).toBe(delta({ content: 'a' }, { logprobs: { content: null } }));
  });

  it('hands leaked calls on with ids, names and arguments as they arrive', () => {
    const seen = stream(
      { input: 'harmony', output: 'strip', harmonyCalls: 'tool_calls' },
      delta({ content: '<|channel|>commentary to=functions.f<|message|>{"a"' }),
      delta({ content: ':1}<|call|>' }),
      delta({}, { finish_reason: 'stop' }),
    );
    expect(seen).toEqual([
      delta({
        tool_calls: [
          {
            index: 0,
            id: 'call_test',
            type: 'function',
            function: { name: 'f', arguments: '{"a"' },
          },
        ],
      }),
      delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      delta({}, { finish_reason: 'tool_calls' }),
    ]);
  });

  it('shows what follows a finish, and still only one finish', () => {
    const seen = stream(
      fields,
      delta({ content: '<think>r</think>a' }, { finish_reason: 'stop' }),
      delta({ content: 'b' }),
    );
    expect(seen.at(-1)).toBe(delta({ content: 'b' }));
  });

  it('ends what has no finish with the text it held and nothing invented', () => {
    expect(stream(fields, delta({ content: '<think>r</th' }))).toEqual([
      delta({ reasoning_content: 'r' }),
      delta({ reasoning_content: '</th' }),
    ]);
  });

  it('does not take two strings, the first beyond ASCII, for the one string of a template', () => {
    const events = [
      delta({ content: 'a' }),
      delta({ content: 'é', refusal: 'b' }),
      delta({ content: 'é\\n', refusal: '\\' }),
    ];
    for (const output of ['strip', 'tags', 'reasoning'] as const) {
      expect(stream({ input: 'apertus', output }, ...events)).toEqual(events);
    }
    const marked = delta({ content: '<|inner_prefix|>é', refusal: 'b' });
    expect(stream({ input: 'apertus', output: 'tags' }, delta({ content: 'a' }), marked)).toEqual([
      delta({ content: 'a' }),
      delta({ content: '<think>é', refusal: 'b' }),
      delta({ content: '</think>' }),
    ]);
  });

  it('passes events with a string that no template may take for plain text', () => {
    const events = ['a', 'b","x":"y', 'é', '\\', '\u0001', '\ud83c'].map((content) =>
      delta({ content }),
    );
    expect(stream(fields, ...events)).toEqual(events);
    // An event that ends and begins like the others, but has a member more in between.
    const forged = delta({ content: 'c' }).replace('"c"', '"c","content":"d"');
    expect(stream(fields, ...events, forged).at(-1)).toBe(forged);
  });
});

describe('bodies', () => {
  const body = (message: object, rest: object = {}): string =>
    JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop', ...rest }] });

  it.each<[string, Partial<ReasoningPolicy>, object, object]>([
    [
      'moves a field',
      { output: 'both' },
      { content: 'a', reasoning: 'r' },
      { content: 'a', reasoning_content: 'r', reasoning: 'r' },
    ],
    [
      'strips all fields',
      { output: 'strip' },
      { content: 'a', reasoning: 'r', thinking: 'r', reasoning_details: [{ text: 'r' }] },
      { content: 'a' },
    ],
    [
      'joins a field and tags',
      { output: 'reasoning_content', input: 'think' },
      { content: '<think>x</think>a', reasoning: 'r' },
      { content: 'a', reasoning_content: 'rx' },
    ],
    [
      'counts a field once that says what the tags say',
      { output: 'reasoning_content', input: 'think' },
      { content: '<think>\nr\n</think>\n\na', reasoning_content: 'r' },
      { content: 'a', reasoning_content: 'r\n' },
    ],
    [
      'writes such a field once into tags',
      { output: 'tags', fields: 'rewrite', openTag: '[', closeTag: ']' },
      { content: '<think>r</think>a', reasoning_content: 'r' },
      { content: '[r]a' },
    ],
    [
      'adds to a field that is kept',
      { output: 'both', input: 'think', fields: 'keep' },
      { content: '<think>x</think>a', reasoning: 'r' },
      { content: 'a', reasoning: 'rx', reasoning_content: 'x' },
    ],
    ['leaves null null', { output: 'strip' }, { content: null, reasoning: 'r' }, { content: null }],
    [
      'writes tags into a null',
      { output: 'tags', fields: 'rewrite' },
      { content: null, reasoning: 'r' },
      { content: '<think>r</think>' },
    ],
    [
      'closes before the calls',
      { output: 'tags', input: 'think' },
      { content: '<think>r', tool_calls: [{ id: 'x' }] },
      { content: '<think>r</think>', tool_calls: [{ id: 'x' }] },
    ],
    [
      'reads content parts',
      { output: 'reasoning_content' },
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'r' }] },
          { type: 'text', text: 'a' },
        ],
      },
      { content: 'a', reasoning_content: 'r' },
    ],
    [
      'takes thinking out from among other parts',
      { output: 'reasoning_content' },
      { content: MIXED_PARTS },
      { content: MIXED_PARTS.slice(1), reasoning_content: 'r' },
    ],
    [
      'takes it out from there to strip it',
      { output: 'strip' },
      { content: MIXED_PARTS },
      { content: MIXED_PARTS.slice(1) },
    ],
    [
      'puts it in tags before other parts',
      { output: 'tags', fields: 'rewrite' },
      { content: MIXED_PARTS },
      { content: [{ type: 'text', text: '<think>r</think>' }, ...MIXED_PARTS.slice(1)] },
    ],
    [
      'keeps it among other parts',
      { output: 'tags', fields: 'keep' },
      { content: MIXED_PARTS },
      { content: MIXED_PARTS },
    ],
    [
      'leaves other parts alone',
      { output: 'strip' },
      { content: [{ type: 'image' }] },
      { content: [{ type: 'image' }] },
    ],
    [
      'joins as the dialect says',
      { output: 'reasoning_content', input: tagsOf({ scope: 'anywhere', join: '\n' }) },
      { content: '<think>x</think>a<think>y</think>b' },
      { content: 'a\nb', reasoning_content: 'x\ny' },
    ],
  ])('%s', (_name, policy, message, expected) => {
    const result = JSON.parse(json(policy, body(message))) as { choices: { message: object }[] };
    expect(result.choices[0]?.message).toEqual(expected);
  });

  it('reads one behind a byte order mark, which stays', () => {
    const said = body({ content: '<think>r</think>a' });
    const mark = '\ufeff';
    expect(json(fields, mark + said)).toBe(mark + body({ content: 'a', reasoning_content: 'r' }));
    expect(json({ output: 'strip' }, mark + said)).toBe(mark + body({ content: 'a' }));
    expect(json(fields, mark + mark + said)).toBe(mark + mark + said);
  });

  it('reads each choice by itself, whatever index it claims', () => {
    const choice = (content: string, rest: object = {}): object => ({
      message: { content },
      ...rest,
    });
    for (const rest of [{}, { index: 0 }]) {
      const text = '<think>r</think>a';
      const result = json(
        { input: 'think', output: 'strip' },
        JSON.stringify({ choices: [choice(text, rest), choice(text, rest)] }),
      );
      expect(JSON.parse(result)).toEqual({ choices: [choice('a', rest), choice('a', rest)] });
    }
  });

  it('hands leaked calls on beside those the backend sent', () => {
    const text =
      'x<|end|><|start|>assistant to=functions.f<|channel|>commentary<|message|>{}<|call|>';
    const result = json(
      { input: 'harmony', output: 'strip', harmonyCalls: 'tool_calls' },
      body({ content: text, tool_calls: [{ id: 'own' }] }),
    );
    expect(JSON.parse(result)).toEqual({
      choices: [
        {
          index: 0,
          message: {
            content: 'x',
            tool_calls: [
              { id: 'own' },
              { id: 'call_test', type: 'function', function: { name: 'f', arguments: '{}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });
});
