import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numRuns } from '../../../../test/fuzz/fuzz-runs.js';
import { isJsonObject, jsonValueIn } from '../../../wire/json/json-value.js';
import { usageBeforeEnd, usageInJson } from './usage-in-json.js';

const USAGE = { prompt_tokens: 1, details: { text: '}"{' } };

describe('usageBeforeEnd', () => {
  it('finds the usage of a reply whose beginning is missing, and no other', () => {
    const call = { arguments: { usage: { prompt_tokens: 999 } } };
    const text = JSON.stringify({ a: '{"', calls: [call], usage: USAGE, b: [call, '\\"}'] });
    const start = text.lastIndexOf(',"usage"') + 1;
    for (let cut = 0; cut <= text.length; cut++) {
      expect(usageBeforeEnd(`${text.slice(cut)} \n`, 1)).toEqual(cut <= start ? USAGE : null);
    }
  });

  it('finds none where the end is missing, from which it would be known', () => {
    const text = JSON.stringify({ calls: [{ usage: USAGE }], usage: USAGE });
    for (let cut = 0; cut < text.length; cut++) {
      const found = usageBeforeEnd(text.slice(0, cut), 1);
      // What is cut behind a brace may as well be whole.
      if (text[cut - 1] !== '}') expect(found).toBeNull();
    }
  });
});

/** Objects with usages wherever they may stand, and names that are near to it. */
const { reply } = fc.letrec<{ reply: object; value: unknown }>((tie) => ({
  reply: fc.dictionary(
    fc.constantFrom('usage', 'response', 'message', 'x_groq', 'choices', 'a', '"usage'),
    tie('value'),
    { maxKeys: 4 },
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('usage', '"usage":{"prompt_tokens":1}', '\\', '{', null, 1),
    fc.nat(9).map((count) => ({ prompt_tokens: count })),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('reply'),
  ),
}));

/** The last usage of a value where replies have it, in the order of its text. */
function expectedIn(json: object): unknown {
  let found: unknown = null;
  const look = (value: unknown, holds: (name: string, inner: unknown) => void): void => {
    if (!isJsonObject(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      holds(name, inner);
      if (name === 'usage' && isTelling(inner)) found = inner;
    }
  };
  const none = (): void => undefined;
  look(json, (name, inner) => {
    if (['response', 'message', 'x_groq'].includes(name)) look(inner, none);
    if (name === 'choices' && Array.isArray(inner)) for (const choice of inner) look(choice, none);
  });
  return found;
}

function isTelling(value: unknown): boolean {
  return isJsonObject(value) && typeof value.prompt_tokens === 'number';
}

describe('usage in any JSON', () => {
  it('is found where replies have it, and nowhere else', () => {
    fc.assert(
      fc.property(reply, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(usageInJson(text)).toEqual(expectedIn(value));
        const { usage } = value as { usage?: unknown };
        expect(usageBeforeEnd(text, 1)).toEqual(isTelling(usage) ? usage : null);
      }),
      { numRuns },
    );
  });

  it('is found in JSON that is cut, where it is whole', () => {
    fc.assert(
      fc.property(reply, fc.nat(), (value, place) => {
        const text = JSON.stringify(value);
        const cut = place % (text.length + 1);
        const found = usageInJson(text.slice(0, cut));
        if (found !== null) expect(text.slice(0, cut)).toContain(JSON.stringify(found));
        // Behind a backslash, a quote of a name that holds one cannot be told from its first.
        if (text[cut - 1] === '\\') return;
        const rest = usageBeforeEnd(text.slice(cut), 1);
        if (rest !== null) expect(rest).toEqual((jsonValueIn(text) as { usage: unknown }).usage);
      }),
      { numRuns },
    );
  });
});
