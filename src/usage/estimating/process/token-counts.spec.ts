import { describe, expect, it } from '@jest/globals';
import { deltaEvent, textEvent } from '../../../../test/support/upstream/chat-events.js';
import { type SampledReply, textSource } from '../count-job.js';
import { tokenCountsOf } from './token-counts.js';

const requestOf = (text: string) => ({ is: 'request', bytes: Buffer.from(text) }) as const;

function replyOf(text: string, kind: 'stream' | 'json', totalBytes?: number): SampledReply {
  const bytes = Buffer.from(text);
  return { bytes, totalBytes: totalBytes ?? bytes.length, isStream: kind === 'stream' };
}

const STREAM =
  deltaEvent({ reasoning_content: 'one two three' }) + textEvent('four fünf') + deltaEvent({});

describe('tokenCountsOf', () => {
  it('counts prompt, reasoning and answer', () => {
    const prompt = requestOf('{"messages":[{"role":"user","content":"hi"}]}');
    expect(tokenCountsOf({ prompt, reply: replyOf(STREAM, 'stream') })).toEqual({
      // "user", "hi", the frame of one message, and the start of the answer.
      prompt: 8,
      completion: 5,
      reasoning: 3,
    });
  });

  it('counts each without the other', () => {
    const prompt = requestOf('{"input":"one two"}');
    expect(tokenCountsOf({ prompt, reply: null })).toEqual({
      prompt: 2,
      completion: null,
      reasoning: null,
    });
    const reply = replyOf('{"choices":[{"message":{"content":"one"}}]}', 'json');
    expect(tokenCountsOf({ prompt: null, reply })).toEqual({
      prompt: null,
      completion: 1,
      reasoning: null,
    });
  });

  it.each(['{"input":"a"', '', '\ufeff{"input":"a"}', `${'['.repeat(600)}${']'.repeat(600)}`])(
    'counts nothing of a request that is no JSON: %j',
    (text) => {
      expect(tokenCountsOf({ prompt: requestOf(text), reply: null }).prompt).toBeNull();
    },
  );

  it('counts the text of a request that was too large, and takes the rest to be like it', () => {
    const prompt = textSource({ text: 'one two', factor: 10, frameTokens: 6 });
    expect(tokenCountsOf({ prompt, reply: null }).prompt).toBe(26);
  });

  it('takes a reply to go on like its sample', () => {
    const stream = deltaEvent({ reasoning: 'one' }) + textEvent('two three');
    const reply = replyOf(`${stream}data: {"cho`, 'stream', 10 * stream.length);
    expect(tokenCountsOf({ prompt: null, reply })).toEqual({
      prompt: null,
      completion: 30,
      reasoning: 10,
    });
  });

  it('counts a sample that was cut anywhere', () => {
    const json = '{"choices":[{"message":{"reasoning":"a\\u00e9","content":"ü \\"b\\""}}]}';
    for (const [text, kind] of [
      [STREAM, 'stream'],
      [json, 'json'],
    ] as const) {
      const whole = replyOf(text, kind);
      for (let cut = 0; cut <= whole.bytes.length; cut++) {
        const reply = { ...whole, bytes: whole.bytes.subarray(0, cut) };
        const { completion, reasoning } = tokenCountsOf({ prompt: null, reply });
        expect(completion).toBeGreaterThanOrEqual(reasoning ?? 0);
        expect(completion).toBeLessThan(100);
      }
    }
  });
});
