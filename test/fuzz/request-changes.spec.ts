import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withHistory } from '../../src/chat/history/history.js';
import { matchesGlob } from '../../src/config/typed/model-globs.js';
import { withParameters } from '../../src/proxy/parameters.js';
import { policyOf } from '../conformance/rewriting.js';
import { numRuns } from './fuzz-runs.js';
import { anyText, spelledText } from './json-text.js';

const NAMES = ['a', 'model', '__proto__', 'temperature', 'constructor'];

const parameter = fc.record({
  name: fc.constantFrom(...NAMES),
  json: fc.constantFrom('1', '"x"', 'null', '{"y":[]}'),
});

const params = fc.record({
  set: fc.uniqueArray(parameter, { maxLength: 2, selector: ({ name }) => name }),
  default: fc.uniqueArray(parameter, { maxLength: 2, selector: ({ name }) => name }),
  drop: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
});

/** An object's own members as JSON.parse gives them, `__proto__` like any other. */
function membersOf(text: string): Map<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  return new Map(Object.entries(value));
}

const NO_MESSAGE = { appendToLastUserMessage: null };

describe('changes of arbitrary requests', () => {
  it('are those that a parser and a writer would make: parameters', () => {
    const objects = spelledText.filter(({ json }) => json.kind === 'object');
    fc.assert(
      fc.property(objects, params, ({ text }, { set, default: fill, drop }) => {
        // A name is set, filled in or dropped, and never two of them.
        const taken = new Set(set.map(({ name }) => name));
        const filled = fill.filter(({ name }) => !taken.has(name));
        for (const { name } of filled) taken.add(name);
        const dropped = drop.filter((name) => !taken.has(name));
        const changed = withParameters(text, { set, default: filled, drop: dropped }, NO_MESSAGE);
        const expected = membersOf(text);
        for (const { name, json } of set) expected.set(name, JSON.parse(json));
        for (const { name, json } of filled) {
          if (!expected.has(name)) expected.set(name, JSON.parse(json));
        }
        for (const name of dropped) expected.delete(name);
        const byName = (members: Map<string, unknown>) =>
          [...members].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(byName(membersOf(changed))).toEqual(byName(expected));
      }),
      { numRuns },
    );
  });

  it('leave alone what is no JSON object', () => {
    fc.assert(
      fc.property(anyText, params, (text, change) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          value = null;
        }
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        if (isObject) return;
        expect(withParameters(text, change, { appendToLastUserMessage: 'x' })).toBe(text);
        expect(withHistory(text, policyOf({ history: 'strip' }))).toBe(text);
      }),
      { numRuns },
    );
  });

  it('give JSON again: history and the last message of the user', () => {
    const messages = fc.array(
      fc.record(
        {
          role: fc.constantFrom('user', 'assistant', 'system', 1),
          content: fc.oneof(
            fc.constantFrom('<think>a</think>b', '<think>', 'a</think>', null, ''),
            fc.array(
              fc.oneof(fc.record({ type: fc.constant('text'), text: fc.string() }), fc.json()),
            ),
          ),
          reasoning_content: fc.oneof(fc.string(), fc.constant(null)),
          reasoning: fc.json(),
        },
        { requiredKeys: ['role'] },
      ),
      { maxLength: 4 },
    );
    const history = fc.constantFrom(
      'strip' as const,
      'tags' as const,
      'reasoning_content' as const,
      'reasoning' as const,
    );
    fc.assert(
      fc.property(messages, history, (list, kind) => {
        const text = JSON.stringify({ model: 'm', messages: list });
        const policy = policyOf({ history: kind });
        const edited = withHistory(text, policy);
        const appended = withParameters(
          edited,
          { set: [], default: [], drop: [] },
          { appendToLastUserMessage: ' /no' },
        );
        const { messages: result } = JSON.parse(appended) as { messages: unknown[] };
        expect(result).toHaveLength(list.length);
        expect(withHistory(edited, policy)).toBe(edited);
      }),
      { numRuns },
    );
  });
});

describe('any glob', () => {
  it('matches what the pattern of a slow but plain matcher does', () => {
    const unit = fc.constantFrom('a', 'b', '*', '?', '.', '[', '\\', '+');
    const slow = (glob: string, name: string): boolean => {
      const [first, restOfGlob] = [glob.slice(0, 1), glob.slice(1)];
      const [character, restOfName] = [name.slice(0, 1), name.slice(1)];
      if (first === '') return name === '';
      if (first === '*') return slow(restOfGlob, name) || (name !== '' && slow(glob, restOfName));
      const isSame = name !== '' && (first === '?' || first === character);
      return isSame && slow(restOfGlob, restOfName);
    };
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 7 }),
        fc.string({ unit, maxLength: 9 }),
        (glob, name) => {
          expect(matchesGlob(glob, name)).toBe(slow(glob, name));
        },
      ),
      { numRuns },
    );
  });
});
