import { describe, expect, it } from '@jest/globals';
import { DONE, textEvent } from '../../../test/support/upstream/chat-events.js';
import { completionTextOf } from './completion-text.js';

const sampleOf = (text: string, kind: 'stream' | 'json', totalBytes = Buffer.byteLength(text)) => ({
  bytes: Buffer.from(text),
  totalBytes,
  isStream: kind === 'stream',
});

describe('completionTextOf', () => {
  it('joins the text of a whole stream', () => {
    const text = textEvent('grüß') + textEvent(' dich') + DONE;
    expect(completionTextOf(sampleOf(text, 'stream'))).toEqual({
      answer: 'grüß dich',
      reasoning: '',
      factor: 1,
    });
  });

  it('reads the last event of a stream that broke off behind it', () => {
    const { answer } = completionTextOf(
      sampleOf(textEvent('a') + textEvent('b').trimEnd(), 'stream'),
    );
    expect(answer).toBe('ab');
  });

  it('takes a stream to go on like its whole events', () => {
    const whole = textEvent('a');
    const sample = sampleOf(`${whole}data: {"choi`, 'stream', whole.length * 10);
    expect(completionTextOf(sample)).toEqual({ answer: 'a', reasoning: '', factor: 10 });
  });

  it('reads a whole JSON reply', () => {
    const body = JSON.stringify({ choices: [{ message: { content: 'a', reasoning: 'r' } }] });
    expect(completionTextOf(sampleOf(body, 'json'))).toEqual({
      answer: 'a',
      reasoning: 'r',
      factor: 1,
    });
  });

  it('reads the text of JSON that broke off, in the middle of an escape as well', () => {
    const body = '{"choices":[{"message":{"reasoning_content":"r\\n","content":"say \\"x\\" \\u00';
    expect(completionTextOf(sampleOf(body, 'json', 2 * body.length))).toEqual({
      answer: 'say "x" ',
      reasoning: 'r\n',
      factor: 2,
    });
  });
});
