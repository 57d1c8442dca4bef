import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ReasoningPolicy } from '../../src/config/typed/reasoning-policy.js';
import { type ChoiceSeen, seeJson, seeStream } from '../conformance/client-view.js';
import { cut, policyOf, rewriteJsonBytes, rewriteStreamPieces } from '../conformance/rewriting.js';
import { dataEvent, DONE } from '../support/upstream/chat-events.js';
import { numRuns } from './fuzz-runs.js';
import { input, output, textFor } from './reasoning-texts.js';

/** What a model says in one choice: reasoning in fields, then text, in so many pieces. */
interface Said {
  readonly text: string;
  readonly thought: string;
  readonly fieldNames: readonly string[];
  readonly cuts: readonly number[];
  /** A member that Sluice does not know, on the chunk at this place. */
  readonly unknownAt: number;
}

interface Scene {
  readonly policy: ReasoningPolicy;
  readonly choices: readonly Said[];
  /** Of which choice the next item is, and whether it shares an event with the one before. */
  readonly order: readonly { readonly turn: number; readonly isShared: boolean }[];
}

interface Item {
  readonly index: number;
  readonly delta: object;
  readonly finish_reason: string | null;
}

const FIELDS = [
  [],
  ['reasoning_content'],
  ['reasoning'],
  ['thinking'],
  ['reasoning', 'reasoning_content'],
];

const policy = fc
  .tuple(
    input,
    output,
    fc.constantFrom(null, 'keep' as const, 'rewrite' as const),
    fc.constantFrom('drop' as const, 'tool_calls' as const),
  )
  .map(([dialect, kind, fields, harmonyCalls]) =>
    policyOf({ input: dialect, output: kind, fields, harmonyCalls }),
  );

const scene: fc.Arbitrary<Scene> = policy.chain((found) =>
  fc.record({
    policy: fc.constant(found),
    choices: fc.array(
      fc.record({
        text: textFor(found.input),
        // A thought that no text repeats: a body counts such a one once.
        thought: fc.constantFrom('Q', 'Qué', 'Q 🌍 Q'),
        fieldNames: fc.constantFrom(...FIELDS),
        cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        unknownAt: fc.nat({ max: 9 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    order: fc.array(fc.record({ turn: fc.nat({ max: 2 }), isShared: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    }),
  }),
);

function piecesOf(text: string, cuts: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = cuts[turn % cuts.length] ?? 1;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const inFields = (names: readonly string[], text: string): object =>
  Object.fromEntries(names.map((name) => [name, text]));

/** The items of one choice, in the order in which a stream has them. */
function itemsOf({ text, thought, fieldNames, cuts, unknownAt }: Said, index: number): Item[] {
  const thoughts = fieldNames.length === 0 ? [] : piecesOf(thought, cuts);
  const deltas = [
    { role: 'assistant', content: '' },
    ...thoughts.map((piece) => ({ content: null, ...inFields(fieldNames, piece) })),
    ...piecesOf(text, cuts).map((content) => ({ content })),
  ];
  const items = deltas.map((delta, at) => ({
    index,
    delta: at === unknownAt ? { ...delta, refusal: 'no' } : delta,
    finish_reason: null,
  }));
  return [...items, { index, delta: {}, finish_reason: 'stop' }];
}

function streamOf({ choices, order }: Scene): Uint8Array {
  const queues = choices.map(itemsOf);
  const events: Item[][] = [];
  for (let at = 0; queues.some((queue) => queue.length > 0); at++) {
    const { turn, isShared } = order[at % order.length] ?? { turn: 0, isShared: false };
    const waiting = queues.filter((queue) => queue.length > 0);
    const item = waiting[(turn + at) % waiting.length]?.shift();
    if (item === undefined) continue;
    const last = events.at(-1);
    if (isShared && last?.every(({ index }) => index !== item.index) === true) last.push(item);
    else events.push([item]);
  }
  const lines = events.map((items) => dataEvent({ id: 'c', choices: items }));
  return Buffer.from(lines.join('') + DONE);
}

function bodyOf({ text, thought, fieldNames }: Said): Uint8Array {
  const message = { role: 'assistant', content: text, ...inFields(fieldNames, thought) };
  return Buffer.from(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
}

const totals = (seen: ChoiceSeen | undefined): object => ({
  content: seen?.content,
  reasoning: seen?.reasoning,
  calls: seen?.toolCalls,
  finish: seen?.finishReasons,
  roles: seen?.roles,
});

describe('several choices in one stream, with reasoning in text and in fields', () => {
  it('amount to what each amounts to as a body of its own', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 200 }), (found, size) => {
        const seen = seeStream(rewriteStreamPieces(found.policy, cut(streamOf(found), size)));
        expect(seen.isDone).toBe(true);
        for (const [index, said] of found.choices.entries()) {
          const alone = seeJson(rewriteJsonBytes(found.policy, bodyOf(said)));
          expect(totals(seen.choices[index])).toEqual(totals(alone.choices[0]));
        }
      }),
      { numRuns },
    );
  });
});
