/**
 * The parts of a JSON Schema (draft 7) that `config.schema.json` uses.
 *
 * @typedef {object} Schema
 * @property {string} [description]
 * @property {string} [type]
 * @property {Record<string, Schema>} [properties]
 * @property {Record<string, Schema>} [definitions]
 * @property {Schema | false} [additionalProperties]
 * @property {Schema} [items]
 * @property {string} [$ref]
 * @property {readonly Schema[]} [allOf]
 * @property {readonly Schema[]} [anyOf]
 * @property {readonly string[]} [required]
 * @property {readonly string[]} [enum]
 * @property {unknown} [default]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [exclusiveMinimum]
 * @property {number} [minLength]
 * @property {number} [maxLength]
 * @property {number} [minItems]
 * @property {number} [maxItems]
 */

/**
 * An object of the file that has keys of its own.
 *
 * @typedef {object} SchemaSection
 * @property {string} reference as `$ref` names it; `#` for the file itself
 * @property {string | null} name what its places end in alike: `limits`, `reasoning.input`; empty
 *   when that is nothing, null for the file itself
 * @property {readonly string[]} paths every place where it stands, such as `settings.limits`
 * @property {Schema} schema
 */

const ROOT = '#';

/**
 * Every object of the file, outer ones before those within them.
 *
 * @param {Schema} schema
 * @returns {SchemaSection[]}
 */
export function sectionsOf(schema) {
  const places = new Map([[ROOT, [[]]]]);
  // A map keeps its order, and what is added meanwhile is visited too.
  for (const [reference, paths] of places) {
    for (const [key, property] of Object.entries(schemaAt(schema, reference).properties ?? {})) {
      for (const { target, suffix } of referencesIn(property)) {
        const found = paths.map((path) => [...path, key + suffix]);
        places.set(target, [...(places.get(target) ?? []), ...found]);
      }
    }
  }
  return [...places].map(([reference, paths]) => ({
    reference,
    name: reference === ROOT ? null : commonEnd(paths).join('.'),
    paths: paths.map((path) => path.join('.')),
    schema: schemaAt(schema, reference),
  }));
}

/**
 * @param {Schema} schema
 * @param {string} reference
 */
function schemaAt(schema, reference) {
  const name = reference.replace('#/definitions/', '');
  return reference === ROOT ? schema : (schema.definitions?.[name] ?? {});
}

/**
 * @param {Schema} property
 * @returns {{ target: string, suffix: string }[]}
 */
function referencesIn({ $ref, allOf = [], anyOf = [], items, additionalProperties }) {
  const below = (schema, more) =>
    referencesIn(schema).map(({ target, suffix }) => ({ target, suffix: more + suffix }));
  return [
    ...($ref === undefined ? [] : [{ target: $ref, suffix: '' }]),
    ...[...allOf, ...anyOf].flatMap((part) => below(part, '')),
    ...(items === undefined ? [] : below(items, '[]')),
    ...(additionalProperties ? below(additionalProperties, '.*') : []),
  ];
}

/** @param {readonly (readonly string[])[]} paths */
function commonEnd([first = [], ...others]) {
  if (others.length === 0) return first;
  const length = first.findLastIndex(
    (step, at) => !others.every((path) => path.at(at - first.length) === step),
  );
  return first.slice(length + 1);
}
