import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOfUtf8, utf8OfBytes } from '../../src/wire/byte-text.js';
import { findJsonFault } from '../../src/wire/json/json-fault.js';
import { type JsonSpan } from '../../src/wire/json/json-span.js';
import { parseSpans } from '../../src/wire/json/parse-spans.js';
import { JsonTextError, parseRequestJson } from '../../src/wire/json/request-json.js';
import { isJson } from '../support/is-json.js';
import { numRuns } from './fuzz-runs.js';
import { anyText, nearlyJson, type SpelledJson, spelledText } from './json-text.js';
import { allSpans, spansOf } from './spans-of.js';

/** Asserts that a span and all below it stand where the text was built from those values. */
function expectSame(text: string, span: JsonSpan, json: SpelledJson): void {
  expect(text.slice(span.start, span.end)).toBe(json.text);
  expect(span.kind).toBe(json.kind);
  const members = json.kind === 'object' ? json.members : [];
  expect(span.members?.length ?? 0).toBe(members.length);
  members.forEach(({ key, value }, index) => {
    const found = span.members?.[index];
    if (found === undefined) throw new Error('a member is missing');
    expect(text.slice(found.keyStart, found.keyEnd)).toBe(key);
    expect(found.key).toBe(JSON.parse(key));
    expectSame(text, found.value, value);
  });
  const items = json.kind === 'array' ? json.items : [];
  expect(span.items?.length ?? 0).toBe(items.length);
  items.forEach((item, index) => {
    const found = span.items?.[index];
    if (found === undefined) throw new Error('an item is missing');
    expectSame(text, found, item);
  });
}

/** A span as it would be listed down to `depth`. */
function cutTo(depth: number, { kind, start, end, members, items }: JsonSpan): JsonSpan {
  if (depth === 0) return { kind, start, end };
  return {
    kind,
    start,
    end,
    ...(members && {
      members: members.map((member) => ({ ...member, value: cutTo(depth - 1, member.value) })),
    }),
    ...(items && { items: items.map((item) => cutTo(depth - 1, item)) }),
  };
}

describe('JSON spans of arbitrary texts', () => {
  it('stand where the values are, whatever the spelling', () => {
    fc.assert(
      fc.property(spelledText, ({ text, json }) => {
        expectSame(text, spansOf(text), json);
      }),
      { numRuns },
    );
  });

  it('stand where the values are in byte strings', () => {
    fc.assert(
      fc.property(spelledText, ({ text }) => {
        const bytes = bytesOfUtf8(text);
        const spans = allSpans(spansOf(bytes)).map(({ start, end }) =>
          utf8OfBytes(bytes.slice(start, end)),
        );
        const inText = utf8OfBytes(bytes);
        expect(spans).toEqual(
          allSpans(spansOf(inText)).map(({ start, end }) => inText.slice(start, end)),
        );
      }),
      { numRuns },
    );
  });

  it('are the same as far as they are listed, whatever the depth', () => {
    fc.assert(
      fc.property(spelledText, fc.nat({ max: 3 }), ({ text }, depth) => {
        expect(parseSpans(text, { depth })).toEqual(cutTo(depth, spansOf(text)));
      }),
      { numRuns },
    );
  });

  it('exist exactly for what JSON.parse accepts, and nothing throws', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(0, 1, 512), (text, depth) => {
        expect(parseSpans(text, { depth }) !== null).toBe(isJson(text));
        expect(findJsonFault(text) === null).toBe(isJson(text));
      }),
      { numRuns: numRuns * 5 },
    );
  });

  it('are missing because of the first fault: what stands before it only lacks an end', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const fault = findJsonFault(text);
        if (fault === null || fault.kind === 'depth') return;
        const before = text.slice(0, fault.at);
        const faultOfBefore = findJsonFault(before);
        expect(faultOfBefore === null || faultOfBefore.kind === 'end').toBe(true);
      }),
      { numRuns },
    );
  });

  it('belong to texts that read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(spelledText, ({ text }) => {
        const wellFormed = text.toWellFormed();
        expect(parseRequestJson(Buffer.from(wellFormed))).toEqual(JSON.parse(wellFormed));
      }),
      { numRuns },
    );
  });

  it('are refused with a typed error and nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          anyText.map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          try {
            parseRequestJson(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(JsonTextError);
          }
        },
      ),
      { numRuns },
    );
  });
});
