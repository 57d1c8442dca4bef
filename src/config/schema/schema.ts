import { ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { ConfigSection } from '../sections/config.section.js';
import { keysOf, knownSections } from '../sections/key.js';

// Only the script that writes the schema and its test import this file: what it needs is no part
// of a production installation.

type JsonSchema = ReturnType<typeof targetConstructorToSchema>;

/** The JSON Schema (draft 7, which editors know best) of `config.json`. */
export function configSchema(): object {
  const sections = [...knownSections().keys()].filter(isObject).map(toSection);
  const definitions = sections
    .filter((section) => !(section instanceof ConfigSection))
    .map((section) => [section.constructor.name, sectionSchema(section)] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Sluice',
    ...sectionSchema(new ConfigSection()),
    definitions: Object.fromEntries(definitions),
  };
}

function toSection(prototype: object): object {
  const section: unknown = Reflect.construct(prototype.constructor, []);
  return isObject(section) ? section : {};
}

function sectionSchema(section: object): object {
  const schema = targetConstructorToSchema(section.constructor, {
    additionalConverters: {
      [ValidationTypes.CUSTOM_VALIDATION]: ({ constraints }) => schemaPart(constraints),
      [ValidationTypes.NESTED_VALIDATION]: {},
    },
  });
  const properties = Object.entries(schema.properties ?? {}).map(
    ([key, property]) =>
      [
        key,
        { description: keysOf(section).get(key), ...property, ...defaultOf(section, key) },
      ] as const,
  );
  return { ...schema, properties: Object.fromEntries(properties), additionalProperties: false };
}

// Every check carries the schema that says the same as its rule.
function schemaPart([part]: readonly unknown[] = []): JsonSchema | undefined {
  return isSchema(part) ? part : undefined;
}

function defaultOf(section: object, key: string): object {
  const value: unknown = Object.getOwnPropertyDescriptor(section, key)?.value;
  const isShown = isObject(value) ? Array.isArray(value) : (value ?? '') !== '';
  return isShown ? { default: value } : {};
}

function isSchema(part: unknown): part is JsonSchema {
  return isObject(part);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
