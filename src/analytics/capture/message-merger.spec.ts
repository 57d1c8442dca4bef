import { describe, expect, it } from '@jest/globals';
import { createMessageMerger } from './message-merger.js';

function merged(events: readonly object[]): unknown {
  const merger = createMessageMerger(65_536);
  for (const event of events) merger.event(JSON.stringify(event));
  merger.event('[DONE]');
  return merger.message;
}

function chunk(delta: object, more: object = {}): object {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: null }],
    ...more,
  };
}

describe('createMessageMerger', () => {
  it('merges the deltas of a chat completion into its message', () => {
    expect(
      merged([
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'I think ' }),
        chunk({ reasoning_content: 'so.' }),
        chunk({ content: 'Yes' }),
        chunk({ content: '!' }),
        { ...chunk({}), choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        { ...chunk({}), choices: [], usage: { total_tokens: 9 } },
      ]),
    ).toEqual({
      id: 'c1',
      object: 'chat.completion',
      model: 'm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Yes!', reasoning_content: 'I think so.' },
          finish_reason: 'stop',
        },
      ],
      usage: { total_tokens: 9 },
    });
  });

  it('puts the pieces of tool calls together by their index', () => {
    const call = (index: number, part: object): object =>
      chunk({ tool_calls: [{ index, ...part }] });
    expect(
      merged([
        call(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
        call(1, { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } }),
        call(0, { function: { arguments: '{"x":' } }),
        call(0, { function: { arguments: '1}' } }),
      ]),
    ).toMatchObject({
      choices: [
        {
          message: {
            tool_calls: [
              { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
              { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
    });
  });

  it.each(['', null])('keeps what a later piece of a tool call repeats as %j', (blank) => {
    const call = (part: object): object => chunk({ tool_calls: [{ index: 0, ...part }] });
    const function_ = { name: 'f', arguments: '' };
    expect(
      merged([
        chunk({ role: 'assistant', content: null }),
        call({ id: 'a', type: 'function', function: function_ }),
        call({ id: blank, type: blank, function: { name: blank, arguments: '{}' } }),
        { ...chunk({ role: blank }), id: blank, model: blank },
      ]),
    ).toMatchObject({
      ...{ id: 'c1', model: 'm' },
      choices: [
        {
          message: {
            role: 'assistant',
            tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
        },
      ],
    });
  });

  it('puts the log probabilities of all chunks together', () => {
    const chat = (token: string): object => ({
      choices: [{ delta: {}, logprobs: { content: [{ token }], refusal: null } }],
    });
    expect(merged([chat('a'), chat('b'), { choices: [{ logprobs: null }] }])).toMatchObject({
      choices: [{ logprobs: { content: [{ token: 'a' }, { token: 'b' }], refusal: null } }],
    });
    const legacy = (token: string, logprob: number): object => ({
      choices: [{ text: token, logprobs: { tokens: [token], token_logprobs: [logprob] } }],
    });
    expect(merged([legacy('a', -1), legacy('b', -2)])).toMatchObject({
      choices: [{ logprobs: { tokens: ['a', 'b'], token_logprobs: [-1, -2] } }],
    });
  });

  it('keeps the choices of a completion apart, and leaves out those beyond the bound', () => {
    const text = (index: number, piece: string): object => ({ choices: [{ index, text: piece }] });
    expect(merged([text(1, 'b'), text(0, 'a'), text(1, 'c'), text(1e9, 'x')])).toEqual({
      choices: [
        { index: 1, text: 'bc' },
        { index: 0, text: 'a' },
      ],
    });
  });

  it('takes the last response of the Responses API for the message', () => {
    expect(
      merged([
        { type: 'response.created', response: { id: 'r', status: 'in_progress' } },
        { type: 'response.output_text.delta', delta: 'Hel' },
        {
          type: 'response.completed',
          response: { id: 'r', status: 'completed', output: ['Hello'] },
        },
      ]),
    ).toEqual({ id: 'r', status: 'completed', output: ['Hello'] });
  });

  it('keeps the text of a response that never completed', () => {
    expect(
      merged([
        { type: 'response.created', response: { id: 'r' } },
        { type: 'response.output_text.delta', delta: 'Hel' },
        { type: 'response.output_text.delta', delta: 'lo' },
      ]),
    ).toEqual({ id: 'r', output_text: 'Hello' });
  });

  it('merges the blocks of the Messages API', () => {
    expect(
      merged([
        { type: 'message_start', message: { id: 'm', content: [], usage: { input_tokens: 3 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
        { type: 'message_stop' },
      ]),
    ).toEqual({
      id: 'm',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 1 },
    });
  });

  it('puts the arguments of a tool where a finished message has them', () => {
    const start = {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 't', name: 'f', input: {} },
    };
    const piece = (partial_json: string): object => ({
      ...{ type: 'content_block_delta', index: 0 },
      delta: { type: 'input_json_delta', partial_json },
    });
    const stop = { type: 'content_block_stop', index: 0 };
    const block = { type: 'tool_use', id: 't', name: 'f', input: {} };
    const pieces = [piece('{"x":'), piece('[1]}')];
    const called = { content: [{ ...block, input: { x: [1] } }] };
    expect(merged([start, piece(''), ...pieces, stop])).toEqual(called);
    expect(merged([start, ...pieces, { type: 'message_stop' }])).toEqual(called);
    expect(merged([start, piece(''), stop])).toEqual({ content: [block] });
    expect(merged([start, piece('{"x":'), stop])).toEqual({
      content: [{ ...block, input_json: '{"x":' }],
    });
  });

  it('shows the error that ended a stream beside what came before it', () => {
    expect(
      merged([chunk({ content: 'half' }), { error: { code: 'upstream_timeout' } }]),
    ).toMatchObject({
      choices: [{ message: { content: 'half' } }],
      error: { code: 'upstream_timeout' },
    });
  });

  it('lists the events of a stream that it does not know', () => {
    expect(merged([{ progress: 1 }, { type: 'tick', n: 2 }])).toEqual({
      events: [{ progress: 1 }, { type: 'tick', n: 2 }],
    });
  });

  it('reads no more than its bound', () => {
    const merger = createMessageMerger(10);
    for (const text of ['12345', '67', '8', '9']) merger.event(`{"choices":[{"text":"${text}"}]}`);
    expect(merger.isCut).toBe(false);
    merger.event('{"choices":[{"text":"0!"}]}');
    merger.event('{"choices":[{"text":"?"}]}');
    expect(merger.isCut).toBe(true);
    expect(merger.message).toEqual({ choices: [{ index: 0, text: '123456789' }] });
  });

  it('says nothing of a stream without events', () => {
    expect(merged([])).toBeNull();
  });
});
