import { describe, expect, it } from '@jest/globals';
import { firstUsageIn, lastFinishIn, lastUsageIn } from './notes-in.js';

const USAGE = { input_tokens: 1, details: { b: 2 } };
const OTHER = { output_tokens: 2 };

const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

describe('the usage of a stream', () => {
  it('is that of the last event, or the first, that has one which tells tokens', () => {
    const none = event({ usage: {} }) + event({ usage: null }) + event({ usage: 'x' });
    const stream = none + event({ usage: USAGE }) + none + event({ usage: OTHER }) + none;
    expect(firstUsageIn(stream)).toEqual(USAGE);
    expect(lastUsageIn(stream)).toEqual(OTHER);
    for (const nothing of [none, '', '"usage"', 'data: "usage":{"input_tokens":1}\n\n']) {
      expect(firstUsageIn(nothing)).toBeNull();
      expect(lastUsageIn(nothing)).toBeNull();
    }
  });

  it.each([
    ['the event', { usage: USAGE, choices: [] }],
    ['a response', { type: 'response.completed', response: { id: 'r', usage: USAGE } }],
    ['a message', { type: 'message_start', message: { usage: USAGE, content: [] } }],
    ['what Groq adds', { choices: [{ delta: {} }], x_groq: { id: 'g', usage: USAGE } }],
    ['a choice', { choices: [{ index: 0, delta: {}, usage: USAGE }] }],
  ])('is read of %s, from where it is whole', (_, data) => {
    const text = event(data);
    const end = text.indexOf(JSON.stringify(USAGE)) + JSON.stringify(USAGE).length;
    const before = event({ usage: OTHER });
    for (let cut = 0; cut <= text.length; cut++) {
      const begun = text.slice(0, cut);
      expect(lastUsageIn(begun)).toEqual(cut < end ? null : USAGE);
      expect(lastUsageIn(before + begun)).toEqual(cut < end ? OTHER : USAGE);
      expect(firstUsageIn(begun)).toEqual(cut < end ? null : USAGE);
    }
  });

  it('is read of an event whose beginning is missing, by what is closed behind it', () => {
    for (const data of [
      { type: 'response.completed', response: { output: ['x'], usage: USAGE, text: '{"}' } },
      { choices: [], usage: USAGE, citations: [{ url: '"' }] },
    ]) {
      const text = event(data);
      const start = text.indexOf('"usage"');
      for (let cut = 0; cut <= text.length; cut++) {
        expect(lastUsageIn(text.slice(cut))).toEqual(cut <= start ? USAGE : null);
      }
    }
  });

  it.each([
    [
      'a call',
      { choices: [{ delta: { tool_calls: [{ function: { arguments: { usage: USAGE } } }] } }] },
    ],
    ['a tool', { message: { content: [{ type: 'tool_use', input: { usage: USAGE } }] } }],
    ['an output', { response: { output: [{ arguments: { usage: USAGE } }] } }],
    ['a delta', { choices: [{ delta: { usage: USAGE } }] }],
    ['no list of choices', { choices: { first: { usage: USAGE } } }],
    ['a list', { choices: [[{ usage: USAGE }]], response: [{ usage: USAGE }] }],
    ['anything else', { item: { usage: USAGE } }],
    ['a text', { content: '"usage":{"input_tokens":1}', kind: 'usage', list: ['usage', USAGE] }],
    ['a name', { 'say "usage': USAGE, '\\"usage': USAGE, more: { 'my "usage': USAGE } }],
  ])('is not read of %s', (_, data) => {
    const text = event(data);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(lastUsageIn(text.slice(0, cut))).toBeNull();
      expect(firstUsageIn(text.slice(0, cut))).toBeNull();
    }
    expect(lastUsageIn(event({ usage: OTHER }) + text)).toEqual(OTHER);
    expect(firstUsageIn(text + event({ usage: OTHER }))).toEqual(OTHER);
  });

  it('is read whatever ends its lines, and of data in several lines', () => {
    const data =
      'event: x\ndata: {"choices":[],\ndata: "usage" :\ndata: {"input_tokens":1}}\n: c\n\n';
    const stream = `: before\n\n${data}data: [DONE]\n\n`;
    for (const lineEnd of ['\n', '\r', '\r\n']) {
      const text = stream.replaceAll('\n', lineEnd);
      expect(lastUsageIn(text)).toEqual({ input_tokens: 1 });
      expect(firstUsageIn(text)).toEqual({ input_tokens: 1 });
    }
  });
});

describe('lastFinishIn', () => {
  it("takes OpenAI's last reason, and Anthropic's where there is none", () => {
    expect(lastFinishIn('"finish_reason":null "finish_reason": "stop","stop_reason":"END"')).toBe(
      'stop',
    );
    expect(lastFinishIn('"finish_reason":"length" "finish_reason":null')).toBe('length');
    expect(lastFinishIn('"stop_reason":"end_turn"')).toBe('end_turn');
    expect(lastFinishIn('"finish_reason":null')).toBeNull();
  });
});
