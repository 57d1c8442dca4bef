import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Dialect, type DialectFactory } from '../../src/chat/dialects/dialect.js';
import { dialectFor } from '../../src/chat/dialects/dialects.js';
import { TAG_PRESETS } from '../../src/chat/dialects/tag/presets.js';
import { rewritePlanFor } from '../../src/chat/rewrite/rewrite-plan.js';
import { createStreamRewriter } from '../../src/chat/rewrite/stream-rewriter.js';
import { type ReasoningPolicy } from '../../src/config/typed/reasoning-policy.js';
import { type ChoiceSeen, seeJson, seeStream } from '../conformance/client-view.js';
import {
  bodyOf,
  cut,
  policyOf,
  rewriteJsonBytes,
  rewriteStreamPieces,
  silentObserver,
  streamOf,
} from '../conformance/rewriting.js';
import { numRuns } from './fuzz-runs.js';
import { input, markersOf, output, textFor } from './reasoning-texts.js';

interface Scene {
  readonly policy: ReasoningPolicy;
  readonly text: string;
  readonly cuts: readonly number[];
}

const scene: fc.Arbitrary<Scene> = fc
  .tuple(input, output, fc.constantFrom('drop' as const, 'tool_calls' as const))
  .chain(([dialect, kind, harmonyCalls]) =>
    fc.record({
      policy: fc.constant(policyOf({ input: dialect, output: kind, harmonyCalls })),
      text: textFor(dialect),
      cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
    }),
  );

function piecesOf({ text, cuts }: Scene): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = cuts[turn % cuts.length] ?? 1;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

function only(choices: Readonly<Record<string, ChoiceSeen>>): ChoiceSeen {
  const [choice] = Object.values(choices);
  if (choice === undefined) throw new Error('the reply has no choice');
  return choice;
}

function streamed(policy: ReasoningPolicy, texts: readonly string[]): ChoiceSeen {
  return only(seeStream(rewriteStreamPieces(policy, [streamOf(texts)])).choices);
}

const totals = ({ content, reasoning, toolCalls, finishReasons }: ChoiceSeen): object => ({
  content,
  reasoning,
  toolCalls,
  finishReasons,
});

/** Everything a dialect gave its sink, in order. */
function segmentsOf(
  dialect: DialectFactory,
  pieces: readonly string[],
): {
  all: string;
  opens: number;
  closes: number;
  held: { length: number; space: number }[];
} {
  const seen = { all: '', opens: 0, closes: 0, held: [] as { length: number; space: number }[] };
  const add = (text: string): void => {
    seen.all += text;
  };
  const reader: Dialect = dialect(
    {
      open: () => seen.opens++,
      close: () => seen.closes++,
      reasoning: add,
      content: add,
      space: add,
      markup: add,
      callArguments: add,
      callOpen: () => undefined,
      callClose: () => undefined,
    },
    { leadingSpace: 'hold' },
  );
  let fed = '';
  for (const piece of pieces) {
    reader.feed(piece);
    fed += piece;
    const held = fed.slice(fed.length - reader.heldLength());
    seen.held.push({ length: held.length, space: held.length - held.trimStart().length });
  }
  reader.end();
  return seen;
}

describe('reasoning, whatever the text', () => {
  it('gives the same result for every way its text is cut', () => {
    fc.assert(
      fc.property(scene, (found) => {
        const whole = streamed(found.policy, found.text === '' ? [] : [found.text]);
        expect(totals(streamed(found.policy, piecesOf(found)))).toEqual(totals(whole));
      }),
      { numRuns },
    );
  });

  it('gives the same result for every way its bytes are cut', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 40 }), (found, size) => {
        const bytes = streamOf(piecesOf(found));
        const whole = rewriteStreamPieces(found.policy, [bytes]);
        const split = rewriteStreamPieces(found.policy, cut(bytes, size));
        expect(Buffer.from(split).toString()).toBe(Buffer.from(whole).toString());
      }),
      { numRuns },
    );
  });

  it('gives a JSON body and a stream the same totals', () => {
    fc.assert(
      fc.property(scene, (found) => {
        const json = only(seeJson(rewriteJsonBytes(found.policy, bodyOf(found.text))).choices);
        expect(totals(json)).toEqual(totals(streamed(found.policy, piecesOf(found))));
      }),
      { numRuns },
    );
  });

  it('sends one role, first, one finish, last, and never both kinds in one delta', () => {
    fc.assert(
      fc.property(scene, (found) => {
        const seen = streamed(found.policy, piecesOf(found));
        expect(seen.roles).toEqual(['assistant']);
        expect(seen.finishReasons).toHaveLength(1);
        expect(seen.afterFinish).toBe(false);
        expect(seen.mixedDelta).toBe(false);
      }),
      { numRuns },
    );
  });

  it('loses nothing: content, reasoning, markup and space are the text', () => {
    fc.assert(
      fc.property(scene, (found) => {
        const dialect = dialectFor(found.policy.input);
        const seen = segmentsOf(dialect, piecesOf(found));
        expect(seen.all).toBe(found.text);
        expect(seen.closes).toBe(seen.opens);
      }),
      { numRuns },
    );
  });

  it('shows no marker but one that a rule calls literal', () => {
    const wellFormed = fc
      .tuple(
        fc.constantFrom('think', 'kimi', 'magistral', 'seed_oss', 'apertus', 'harmony'),
        fc.stringMatching(/^[ \na-z4é]{0,12}$/),
        fc.stringMatching(/^[ \na-z4é]{0,12}$/),
        output,
      )
      .map(([name, thought, answer, kind]) => ({ name, thought, answer, kind }));
    fc.assert(
      fc.property(
        wellFormed,
        fc.integer({ min: 1, max: 5 }),
        ({ name, thought, answer, kind }, size) => {
          const text =
            name === 'harmony'
              ? `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${answer}<|return|>`
              : tagged(name, thought, answer);
          const policy = policyOf({ input: name, output: kind, openTag: '{', closeTag: '}' });
          const pieces = text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
          const { content, reasoning } = streamed(policy, pieces);
          for (const marker of markersOf(name)) {
            expect(content + Object.values(reasoning).join('')).not.toContain(marker);
          }
        },
      ),
      { numRuns },
    );
  });

  it('brings reasoning in a field where it belongs once, and leaves it there', () => {
    const kinds = fc.constantFrom(
      'reasoning_content' as const,
      'reasoning' as const,
      'both' as const,
    );
    fc.assert(
      fc.property(scene, kinds, (found, kind) => {
        const policy = policyOf({ ...found.policy, output: kind });
        const once = rewriteStreamPieces(policy, [streamOf(piecesOf(found))]);
        const plain = policyOf({ ...policy, input: 'none' });
        const twice = rewriteStreamPieces(plain, [once]);
        expect(Buffer.from(twice).toString()).toBe(Buffer.from(once).toString());
      }),
      { numRuns },
    );
  });

  it('holds back no more than the longest marker less one, but for leading space and headers', () => {
    fc.assert(
      fc.property(scene, (found) => {
        const { input: dialect } = found.policy;
        if (dialect === 'harmony' || dialect === 'auto') return;
        const longest = Math.max(1, ...markersOf(dialect).map((marker) => marker.length));
        const { held } = segmentsOf(dialectFor(dialect), piecesOf(found));
        for (const { length, space } of held) {
          expect(length - Math.min(space, 1024)).toBeLessThan(longest);
        }
      }),
      { numRuns },
    );
  });

  it('never throws on any bytes, and loses none of a stream that holds no event', () => {
    fc.assert(
      fc.property(
        scene,
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }),
        (found, chunks) => {
          const plan = rewritePlanFor(found.policy);
          if (plan === null) return;
          const rewriter = createStreamRewriter(plan, silentObserver);
          const out = Buffer.concat([
            ...chunks.map((chunk) => rewriter.feed(chunk)),
            rewriter.end('complete'),
          ]);
          const sent = Buffer.concat(chunks);
          if (!sent.includes('data')) expect(out.equals(sent)).toBe(true);
        },
      ),
      { numRuns },
    );
  });

  it('never throws on any JSON in an event', () => {
    fc.assert(
      fc.property(scene, fc.json({ maxDepth: 4 }), fc.string(), (found, json, text) => {
        const delta = `{"choices":[{"index":0,"delta":${json},"message":${json},"finish_reason":${json}}]}`;
        const body = Buffer.from(`data: ${json}\n\ndata: ${delta}\n\ndata: ${text}\n\n`);
        rewriteStreamPieces(found.policy, [body]);
        rewriteJsonBytes(found.policy, Buffer.from(delta));
      }),
      { numRuns },
    );
  });
});

function tagged(name: string, thought: string, answer: string): string {
  const preset = Object.entries(TAG_PRESETS).find(([known]) => known === name)?.[1];
  if (preset === undefined) throw new Error(`no preset ${name}`);
  return preset.open + thought + preset.close + answer;
}
