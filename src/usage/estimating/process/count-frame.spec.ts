import { describe, expect, it } from '@jest/globals';
import { SAMPLE_BYTES } from '../../noting/sample/reply-samples.js';
import { type CountJob, textSource } from '../count-job.js';
import { MAX_PROMPT_CHARACTERS } from '../prompt-text.js';
import { answerBytes, countsIn } from './answer-frame.js';
import {
  bytesBehind,
  frameBytes,
  HEADER_BYTES,
  MAX_FRAME_BYTES,
  MAX_REQUEST_BYTES,
  readFrame,
  writeFrame,
} from './count-frame.js';

/** What arrives of a job, out of memory that holds something else yet. */
function arrived(job: CountJob): CountJob {
  const size = frameBytes(job);
  const room = Buffer.alloc(size + 10, 0xff);
  writeFrame(job, room);
  expect(room.subarray(size)).toEqual(Buffer.alloc(10, 0xff));
  const header = room.subarray(0, HEADER_BYTES);
  expect(bytesBehind(header)).toBe(size - HEADER_BYTES);
  return readFrame(header, room.subarray(HEADER_BYTES, size));
}

const bytes = Buffer.from('{"prompt":"é"}');
const REQUEST = { is: 'request', bytes } as const;
const TEXT = textSource({ text: 'é😀', factor: 1.5, frameTokens: 7 });
const STREAM = { bytes: Buffer.from('data: ü\n\n'), totalBytes: 2 ** 33, isStream: true };
const JSON_TEXT = { bytes: Buffer.from('{}'), totalBytes: 2, isStream: false };
const EMPTY = { bytes: Buffer.alloc(0), totalBytes: 0, isStream: true };

describe('a job on its way to the process that counts', () => {
  it.each([null, REQUEST, TEXT])('arrives as it was, its prompt being %j', (prompt) => {
    for (const reply of [null, STREAM, JSON_TEXT, EMPTY]) {
      const job = { prompt, reply };
      expect(arrived(job)).toEqual(job);
    }
  });

  it('arrives with as many characters where half of a pair was cut off', () => {
    const prompt = textSource({ text: 'a\ud83d', factor: 1, frameTokens: 0 });
    expect(arrived({ prompt, reply: null }).prompt).toMatchObject({ text: 'a\ufffd' });
  });

  it('takes no more than a bound when it is the largest', () => {
    const reply = { bytes: Buffer.alloc(SAMPLE_BYTES), totalBytes: 1e9, isStream: true };
    const text = '日'.repeat(MAX_PROMPT_CHARACTERS);
    const prompt = textSource({ text, factor: 1, frameTokens: 0 });
    expect(frameBytes({ prompt, reply })).toBe(MAX_FRAME_BYTES);
    const request = Buffer.alloc(MAX_REQUEST_BYTES);
    expect(frameBytes({ prompt: { is: 'request', bytes: request }, reply })).toBeLessThan(
      MAX_FRAME_BYTES,
    );
  });
});

describe('an answer on its way back', () => {
  it.each([
    { prompt: 1, completion: 2 ** 40, reasoning: 0 },
    { prompt: null, completion: null, reasoning: null },
  ])('arrives as %j', (counts) => {
    expect(countsIn(answerBytes(counts))).toEqual(counts);
  });
});
