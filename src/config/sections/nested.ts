import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { all, check, type Rule, type SchemaPart } from './key.js';

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

const sectionRule: Rule = (value) => (isSection(value) ? null : 'must be an object');

const sectionsRule: Rule = (value) => {
  if (!Array.isArray(value)) return 'must be a list of objects';
  if (value.length > MAX_SECTIONS) return `must have at most ${MAX_SECTIONS} entries`;
  const wrong = [...value.keys()].filter((index) => !isSection(value[index]));
  return wrong.length === 0 ? null : `must hold objects alone; not so ${wrong.join(', ')}`;
};

function isSection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
