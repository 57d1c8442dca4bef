import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TAG_PRESETS } from '../../src/chat/dialects/tag/presets.js';
import { type TagDialectConfig } from '../../src/config/typed/tag-dialect.js';
import { seeJson, seeStream } from '../conformance/client-view.js';
import {
  bodyOf,
  policyOf,
  rewriteJsonBytes,
  rewriteStreamPieces,
  streamOf,
} from '../conformance/rewriting.js';
import { numRuns } from './fuzz-runs.js';
import { readPlainly } from './plain-tag-reader.js';
import { customTags, textFor } from './reasoning-texts.js';

const [OPEN, CLOSE] = ['[[', ']]'];

const tags: fc.Arbitrary<TagDialectConfig> = fc.oneof(
  fc.constantFrom<TagDialectConfig>(...Object.values(TAG_PRESETS)),
  // `join` has examples; markers that are one and the same are nobody's.
  customTags.filter(({ open, close }) => open !== close).map((config) => ({ ...config, join: '' })),
);

const scene = tags.chain((config) =>
  fc.record({
    config: fc.constant(config),
    text: textFor(config),
    size: fc.integer({ min: 1, max: 9 }),
  }),
);

interface Seen {
  readonly content: string;
  readonly reasoning: string;
}

function expected(config: TagDialectConfig, text: string, output: string): Seen {
  const seen = { content: '', reasoning: '' };
  for (const [kind, part] of readPlainly(text, config)) {
    if (output === 'tags') {
      seen.content += kind === 'open' ? OPEN : kind === 'close' ? CLOSE : part;
    } else if (kind === 'content') {
      seen.content += part;
    } else if (kind === 'reasoning' && output !== 'strip') {
      seen.reasoning += part;
    }
  }
  return seen;
}

function* ways(config: TagDialectConfig, text: string, size: number): Generator<[string, Seen]> {
  for (const output of ['tags', 'strip', 'reasoning_content'] as const) {
    const policy = policyOf({ input: config, output, openTag: OPEN, closeTag: CLOSE });
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const replies = [
      seeJson(rewriteJsonBytes(policy, bodyOf(text))),
      seeStream(rewriteStreamPieces(policy, [streamOf(pieces)])),
    ];
    for (const { choices } of replies) {
      const { content = '', reasoning = {} } = choices[0] ?? {};
      yield [output, { content, reasoning: reasoning.reasoning_content ?? '' }];
    }
  }
}

describe('tag dialects', () => {
  it('are read as a reader of whole messages reads them by the rules alone', () => {
    fc.assert(
      fc.property(scene, ({ config, text, size }) => {
        for (const [output, seen] of ways(config, text, size)) {
          expect([output, seen]).toEqual([output, expected(config, text, output)]);
        }
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  });
});
