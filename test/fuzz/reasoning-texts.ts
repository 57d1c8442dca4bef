import fc from 'fast-check';
import { TAG_PRESETS } from '../../src/chat/dialects/tag/presets.js';
import { REASONING_OUTPUTS, type ReasoningInput } from '../../src/config/typed/reasoning-policy.js';
import { REASONING_PRESETS } from '../../src/config/typed/reasoning-presets.js';
import { type TagDialectConfig } from '../../src/config/typed/tag-dialect.js';
import { tagsOf } from '../conformance/rewriting.js';

const HARMONY_MARKERS = [
  '<|start|>',
  '<|channel|>',
  '<|message|>',
  '<|constrain|>',
  '<|end|>',
  '<|return|>',
  '<|call|>',
];
const HARMONY_WORDS = [
  'assistant',
  'analysis',
  'final',
  'commentary',
  ' to=functions.f',
  'to=',
  'json',
];

/** Markers of few letters overlap, nest and share beginnings, as real ones seldom do. */
const shortMarker = fc.string({
  unit: fc.constantFrom('a', 'b', '<', '\n'),
  minLength: 1,
  maxLength: 4,
});

/** Tag dialects of such markers. */
export const customTags: fc.Arbitrary<TagDialectConfig> = fc
  .record({
    open: shortMarker,
    close: shortMarker,
    implicitOpen: fc.boolean(),
    scope: fc.constantFrom('leading' as const, 'anywhere' as const),
    trim: fc.constantFrom('lead' as const, 'none' as const),
    toolOpen: fc.array(shortMarker, { maxLength: 2 }),
    strayClose: fc.constantFrom('keep' as const, 'drop' as const),
    openLabel: fc.oneof(fc.constant(''), shortMarker),
    contentOpen: fc.array(shortMarker, { maxLength: 2 }),
    contentClose: fc.array(shortMarker, { maxLength: 2 }),
    join: fc.constantFrom('', '\n'),
  })
  .map(tagsOf);

/** Any dialect. */
export const input: fc.Arbitrary<ReasoningInput> = fc.oneof(
  fc.constantFrom(...REASONING_PRESETS),
  fc.constantFrom('auto', 'harmony'),
  customTags,
);

/** Markers of a dialect, or some of them where it has very many. */
export function markersOf(dialect: ReasoningInput): readonly string[] {
  if (typeof dialect !== 'string') return tagMarkers(dialect);
  const preset = Object.entries(TAG_PRESETS).find(([name]) => name === dialect)?.[1];
  if (preset !== undefined) return tagMarkers(preset);
  return dialect === 'harmony'
    ? HARMONY_MARKERS
    : [...HARMONY_MARKERS, '<think>', '</think>', '[THINK]', '[/THINK]'];
}

function tagMarkers(tags: TagDialectConfig): readonly string[] {
  return [
    tags.open,
    tags.close,
    tags.openLabel,
    ...tags.toolOpen,
    ...tags.contentOpen,
    ...tags.contentClose,
  ].filter((marker) => marker !== '');
}

/** Text made of what may confuse a reader of this dialect. */
export function textFor(dialect: ReasoningInput): fc.Arbitrary<string> {
  const markers = markersOf(dialect);
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...markers) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...markers), fc.nat({ max: 12 }))
        .map(([marker, length]) => marker.slice(0, length)),
    },
    { weight: 2, arbitrary: fc.constantFrom(' ', '\n', '\n\n', '\t ', '\u00a0') },
    { weight: 2, arbitrary: fc.constantFrom(...HARMONY_WORDS) },
    { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'word', '4', 'é', '🌍', '"', '\\', '<') },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
}

/** Any output but that which rewrites nothing. */
export const output = fc.constantFrom(...REASONING_OUTPUTS.filter((name) => name !== 'keep'));
