import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { isJsonObject } from '../../wire/json/json-value.js';
import { all, check, type Rule, type SchemaPart } from './key.js';

/** A class that mirrors an object of `config.json`. */
export type SectionClass = new () => object;

/** Most entries of a list of sections. */
const MAX_SECTIONS = 1024;

/** An object with the keys of the class. */
export function Section(section: SectionClass): PropertyDecorator {
  return nested(section, check('section', sectionRule, { allOf: [reference(section)] }));
}

/** A list of objects with the keys of the class. */
export function Sections(section: SectionClass): PropertyDecorator {
  return nested(section, check('sections', sectionsRule, listOf(section)));
}

/**
 * An object whose values have the keys of the class, for a property that is a `Map`; `problem` says
 * what is wrong with a name.
 */
export function SectionsByName(
  section: SectionClass,
  problem: (name: string) => string | null,
): PropertyDecorator {
  const rule: Rule = (value) => namedSectionsProblem(value, problem);
  const schema = { type: 'object', additionalProperties: reference(section) };
  return nested(section, check('sectionsByName', rule, schema));
}

/** An object with the keys of the class, or a plain value that the rule accepts. */
export function SectionOr(section: SectionClass, rule: Rule, schema: SchemaPart) {
  const either: Rule = (value, owner) =>
    sectionRule(value, owner) === null ? null : rule(value, owner);
  return nested(section, check('sectionOr', either, { anyOf: [schema, reference(section)] }));
}

function nested(section: SectionClass, shape: PropertyDecorator): PropertyDecorator {
  return all(
    shape,
    ValidateNested(),
    Type(() => section),
  );
}

function reference(section: SectionClass): SchemaPart {
  return { $ref: `#/definitions/${section.name}` };
}

function listOf(section: SectionClass): SchemaPart {
  return { type: 'array', items: reference(section) };
}

const sectionRule: Rule = (value) => (isJsonObject(value) ? null : 'must be an object');

const sectionsRule: Rule = (value) => {
  if (!Array.isArray(value)) return 'must be a list of objects';
  if (value.length > MAX_SECTIONS) return `must have at most ${MAX_SECTIONS} entries`;
  const wrong = [...value.keys()].filter((index) => !isJsonObject(value[index]));
  return wrong.length === 0 ? null : `must hold objects alone; not so ${wrong.join(', ')}`;
};

function namedSectionsProblem(
  value: unknown,
  problem: (name: string) => string | null,
): string | null {
  if (!(value instanceof Map)) return 'must be an object of objects';
  if (value.size > MAX_SECTIONS) return `must have at most ${MAX_SECTIONS} entries`;
  for (const [name, entry] of value) {
    const wrong = isJsonObject(entry) ? problem(String(name)) : 'must be an object';
    if (wrong !== null) return `the entry ${quoted(String(name))} ${wrong}`;
  }
  return null;
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
