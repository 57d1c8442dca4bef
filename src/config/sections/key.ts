// Before any decorator runs: class-transformer reads the types that it keeps.
import 'reflect-metadata';
import { ValidateBy, ValidateIf } from 'class-validator';

/** Judges one key: null when the value is right, else what it must be. Never names the value. */
export type Rule = (value: unknown, section: object) => string | null;

/** A part of a JSON Schema (draft 7). */
export type SchemaPart = Readonly<Record<string, unknown>>;

const descriptions = new Map<object, Map<string, string>>();

/**
 * Makes a property a known key that may be left out; its initial value is the default.
 * `description` is what editors show. To add a key to the file is to add one such line.
 */
export function Key(description: string, ...checks: readonly PropertyDecorator[]) {
  // Not IsOptional: that lets null pass, which no key of the file takes.
  const isGiven = ValidateIf((_section, value) => value !== undefined);
  return RequiredKey(description, isGiven, ...checks);
}

/** Makes a property a known key that must be there. */
export function RequiredKey(
  description: string,
  ...checks: readonly PropertyDecorator[]
): PropertyDecorator {
  return (prototype, name) => {
    const known = descriptions.get(prototype) ?? new Map<string, string>();
    descriptions.set(prototype, known.set(String(name), description));
    for (const check of checks) check(prototype, name);
  };
}

/** The known keys of a section with their descriptions, in the order of its class. */
export function keysOf(section: object): ReadonlyMap<string, string> {
  const prototype: unknown = Object.getPrototypeOf(section);
  return knownSections().get(prototype) ?? new Map<string, string>();
}

/** The keys of every section's class that was loaded, by its prototype. */
export function knownSections(): ReadonlyMap<unknown, ReadonlyMap<string, string>> {
  return descriptions;
}

/** A check made of a rule, which carries the part of the JSON Schema that says the same. */
export function check(name: string, rule: Rule, schema: SchemaPart): PropertyDecorator {
  return ValidateBy({
    name,
    constraints: [schema],
    validator: {
      validate: (value, args) => rule(value, args?.object ?? {}) === null,
      defaultMessage: (args) => rule(args?.value, args?.object ?? {}) ?? '',
    },
  });
}

/** Several checks as one. */
export function all(...checks: readonly PropertyDecorator[]): PropertyDecorator {
  return (prototype, name) => {
    for (const each of checks) each(prototype, name);
  };
}
