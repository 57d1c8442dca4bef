import fc from 'fast-check';

/** A JSON value together with the way it is spelled. */
export type SpelledJson =
  | { readonly kind: 'string' | 'number' | 'literal'; readonly text: string }
  | {
      readonly kind: 'array';
      readonly text: string;
      readonly items: readonly SpelledJson[];
    }
  | {
      readonly kind: 'object';
      readonly text: string;
      readonly members: readonly SpelledMember[];
    };

export interface SpelledMember {
  /** The name's literal. */
  readonly key: string;
  readonly value: SpelledJson;
}

const characterOf = (ascii: string) => fc.constantFrom(...ascii.split(''));

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });

const digits = fc.string({ unit: characterOf('0123456789'), minLength: 1, maxLength: 20 });

const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      digits.map((text) => `1${text}`),
    ),
    fc.oneof(
      fc.constant(''),
      digits.map((text) => `.${text}`),
    ),
    fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits).map((parts) => parts.join('')),
    ),
  )
  .map((parts) => parts.join(''));

const hex = fc.string({
  unit: characterOf('0123456789abcdefABCDEF'),
  minLength: 4,
  maxLength: 4,
});

/** A character of a string literal, spelled plainly or as an escape; lone surrogates among them. */
const characterText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter((text) => !/["\\]|[^ -\uffff]/.test(text)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
  },
  { weight: 1, arbitrary: hex.map((code) => `\\u${code}`) },
);

export const stringText = fc
  .array(characterText, { maxLength: 12 })
  .map((parts) => `"${parts.join('')}"`);

/**
 * Node 26.10's own `JSON.parse`, which the tests compare with, takes a name that ends in an escape
 * for the one of an object before it, if that ended in an escaped backslash: after `{"x\\\\":1}`
 * twice, `{"x\\n":1}` has a name that ends in a backslash. So no name here ends that way.
 */
const soundKey = stringText.filter((text) => !/(?:\\\\|\\u005c|\\u0000)"$/i.test(text));

const keyText = fc.oneof(soundKey, fc.constantFrom('"a"', '"\\u0061"', '"model"', '"__proto__"'));

/** Any JSON value in any spelling: white space, numbers, escapes, duplicate names. */
export const spelledJson: fc.Arbitrary<SpelledJson> = fc.letrec<{ value: SpelledJson }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('true', 'false', 'null').map((text) => ({ kind: 'literal' as const, text })),
    numberText.map((text) => ({ kind: 'number' as const, text })),
    stringText.map((text) => ({ kind: 'string' as const, text })),
    sequence(tie('value')).map((parts) => ({
      kind: 'array' as const,
      text: bracketed('[', parts, (item) => item.text, ']'),
      items: parts.parts,
    })),
    sequence(fc.record({ key: keyText, colon: fc.tuple(space, space), value: tie('value') })).map(
      (parts) => ({
        kind: 'object' as const,
        text: bracketed(
          '{',
          parts,
          ({ key, colon, value }) => key + colon.join(':') + value.text,
          '}',
        ),
        members: parts.parts.map(({ key, value }) => ({ key, value })),
      }),
    ),
  ),
})).value;

/** A JSON text: a value with white space around it. */
export const spelledText = fc
  .tuple(space, spelledJson, space)
  .map(([before, json, after]) => ({ text: before + json.text + after, json }));

interface Sequence<Part> {
  readonly empty: string;
  readonly parts: readonly Part[];
  readonly spaces: readonly (readonly [string, string])[];
}

function sequence<Part>(part: fc.Arbitrary<Part>): fc.Arbitrary<Sequence<Part>> {
  return fc
    .tuple(space, fc.array(fc.tuple(part, space, space), { maxLength: 5 }))
    .map(([empty, spaced]) => ({
      empty,
      parts: spaced.map(([one]) => one),
      spaces: spaced.map(([, before, after]) => [before, after] as const),
    }));
}

function bracketed<Part>(
  open: string,
  { empty, parts, spaces }: Sequence<Part>,
  textOf: (part: Part) => string,
  close: string,
): string {
  const texts = parts.map((part, index) => (spaces[index] ?? ['', '']).join(textOf(part)));
  return open + (texts.length === 0 ? empty : texts.join(',')) + close;
}

/** A text that is nearly JSON: some characters of one replaced, taken out or doubled. */
export const nearlyJson = fc
  .tuple(
    spelledText,
    fc.nat(),
    fc.oneof(
      fc.constantFrom('', ',', '"', '\\', '}', ']', '{', '[', ':', '0', 'e', '\n', '\u0000'),
      fc.string(),
    ),
    fc.nat({ max: 2 }),
  )
  .map(([{ text }, position, patch, length]) => {
    const at = position % (text.length + 1);
    return text.slice(0, at) + patch + text.slice(at + length);
  });

/** Texts of which most are not JSON, many by a hair. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: characterOf('{}[]",:\\u0a1.e- \n') }),
  nearlyJson,
);
