import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ReasoningOutput } from '../../src/config/typed/reasoning-policy.js';
import { policyOf, rewriteStreamPieces } from '../conformance/rewriting.js';
import { numRuns } from './fuzz-runs.js';

/** Texts as a stream brings them, in JSON: plain, escaped, and such as make an event unlike the rest. */
const literal = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom('" word"', '"b"', '" is"', '"\\n"', '"\\"q\\""', '"é"'),
  },
  { weight: 1, arbitrary: fc.constantFrom('"<think>"', '"</think>"', '"<"', '"think>"', '""') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"\\u003c/think>"', '"\\ud83d"', '"\\ude00"', 'null', '"a\\"'),
  },
);

const field = fc.oneof(
  { weight: 12, arbitrary: fc.constant('content') },
  { weight: 2, arbitrary: fc.constantFrom('reasoning_content', 'reasoning') },
  { weight: 1, arbitrary: fc.constantFrom('refusal', 'role') },
);

/** Behind the choices: nothing, OpenAI's padding, and strings that only look like it. */
const ending = fc.oneof(
  { weight: 4, arbitrary: fc.constant('}') },
  {
    weight: 4,
    arbitrary: fc.stringMatching(/^[a-z0-9]{0,6}$/).map((pad) => `,"obfuscation":"${pad}"}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(',"obfuscation":"\\""}', ',"obfuscation":"é"}', ',"x":1}'),
  },
);

const head = fc.oneof(
  { weight: 9, arbitrary: fc.constant('{') },
  { weight: 1, arbitrary: fc.constant('{"obfuscation":"abc",') },
);

const event = fc
  .record({
    literal,
    field,
    ending,
    head,
    index: fc.constantFrom(0, 0, 0, 0, 1),
    isCrLf: fc.nat(20),
  })
  .map(({ literal: text, field: name, ending: end, head: start, index, isCrLf }) => {
    const choice = `{"index":${index},"delta":{"${name}":${text}},"finish_reason":null}`;
    const line = `data: ${start}"id":"c","choices":[${choice}]${end}`;
    return isCrLf === 0 ? `${line}\r\n\r\n` : `${line}\n\n`;
  });

/** Several of one kind behind each other, as models send them. */
const stream = fc
  .array(fc.tuple(event, fc.integer({ min: 1, max: 9 })), { maxLength: 12 })
  .map((runs) => runs.flatMap(([one, times]) => Array.from({ length: times }, () => one)));

const form = fc.record({
  output: fc.constantFrom<ReasoningOutput>('tags', 'strip', 'reasoning_content', 'both'),
  fields: fc.constantFrom(null, 'rewrite' as const),
});

describe('events that come together', () => {
  it('leave as the very bytes that they leave as one by one', () => {
    fc.assert(
      fc.property(
        stream,
        form,
        fc.constantFrom('auto', 'think', 'deepseek_r1'),
        (events, wanted, input) => {
          const policy = policyOf({ ...wanted, input });
          const pieces = events.map((text) => Buffer.from(text));
          const alone = rewriteStreamPieces(policy, pieces);
          const together = rewriteStreamPieces(policy, [Buffer.concat(pieces)]);
          expect(Buffer.from(together).toString()).toBe(Buffer.from(alone).toString());
        },
      ),
      { numRuns },
    );
  });

  it('leave as the very bytes that they leave as byte by byte', () => {
    fc.assert(
      fc.property(stream, form, (events, wanted) => {
        const policy = policyOf(wanted);
        // The second half of a CRLF that is cut is a blank line of its own, which means nothing.
        const whole = Buffer.from(events.join('').replaceAll('\r\n', '\n'));
        const bytes = Array.from(whole, (byte) => Buffer.of(byte));
        const cut = rewriteStreamPieces(policy, bytes);
        const together = rewriteStreamPieces(policy, [whole]);
        expect(Buffer.from(together).toString()).toBe(Buffer.from(cut).toString());
      }),
      { numRuns: numRuns / 10 },
    );
  });
});
