import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonEdits } from '../../src/wire/json/json-edits.js';
import { isJson } from '../support/is-json.js';
import { numRuns } from './fuzz-runs.js';
import { spelledText, stringText } from './json-text.js';
import { allSpans, spansOf } from './spans-of.js';

const objectText = spelledText.filter(({ json }) => json.kind === 'object');
const arrayText = spelledText.filter(({ json }) => json.kind === 'array');

describe('JSON edits of arbitrary texts', () => {
  it('change the value meant and no other character', () => {
    fc.assert(
      fc.property(spelledText, fc.nat(), stringText, ({ text }, choice, value) => {
        const spans = allSpans(spansOf(text));
        const span = spans[choice % spans.length] ?? spansOf(text);
        const edits = new JsonEdits(text);
        edits.replace(span, value);
        const result = edits.apply();
        expect(result).toBe(text.slice(0, span.start) + value + text.slice(span.end));
        expect(isJson(result)).toBe(true);
      }),
      { numRuns },
    );
  });

  it('remove, rename and insert members with the rest in its spelling and order', () => {
    fc.assert(
      fc.property(
        objectText,
        fc.infiniteStream(fc.constantFrom('keep', 'remove', 'rename')),
        fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 4 }),
        ({ text }, fates, insertions) => {
          const span = spansOf(text);
          const members = span.members ?? [];
          const edits = new JsonEdits(text);
          const expected: string[][] = members.map((member) => {
            const value = text.slice(member.value.start, member.value.end);
            switch (fates.next().value) {
              case 'remove':
                edits.removeMember(span, member);
                return [];
              case 'rename':
                edits.renameKey(member, 'renamed');
                return [`"renamed":${value}`];
              default:
                return [`${text.slice(member.keyStart, member.keyEnd)}:${value}`];
            }
          });
          const insertedInEmpty: string[] = [];
          insertions.forEach((position, index) => {
            const after = members[position];
            edits.insertMember(span, `new${index}`, '[ ]', after === undefined ? {} : { after });
            const slot =
              expected[after === undefined ? members.length - 1 : position] ?? insertedInEmpty;
            slot.push(`"new${index}":[ ]`);
          });
          const result = edits.apply();
          const found = spansOf(result).members?.map(
            ({ keyStart, keyEnd, value }) =>
              `${result.slice(keyStart, keyEnd)}:${result.slice(value.start, value.end)}`,
          );
          expect(found).toEqual([...expected.flat(), ...insertedInEmpty]);
          expect(result.startsWith(text.slice(0, span.start + 1))).toBe(true);
          expect(result.endsWith(text.slice(span.end - 1))).toBe(true);
        },
      ),
      { numRuns },
    );
  });

  it('remove and insert items with the rest in its spelling and order', () => {
    fc.assert(
      fc.property(
        arrayText,
        fc.infiniteStream(fc.boolean()),
        fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 4 }),
        ({ text }, removals, insertions) => {
          const span = spansOf(text);
          const items = span.items ?? [];
          const edits = new JsonEdits(text);
          const expected: string[][] = items.map((item) => {
            if (removals.next().value !== true) return [text.slice(item.start, item.end)];
            edits.removeItem(span, item);
            return [];
          });
          const insertedInEmpty: string[] = [];
          insertions.forEach((position, index) => {
            const after = items[position];
            edits.insertItem(span, `"new${index}"`, after === undefined ? {} : { after });
            (expected[after === undefined ? items.length - 1 : position] ?? insertedInEmpty).push(
              `"new${index}"`,
            );
          });
          const result = edits.apply();
          expect(spansOf(result).items?.map(({ start, end }) => result.slice(start, end))).toEqual([
            ...expected.flat(),
            ...insertedInEmpty,
          ]);
        },
      ),
      { numRuns },
    );
  });
});
