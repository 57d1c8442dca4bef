import { type JsonPathStep, readJsonPath } from '../../config/rules/json-path.js';
import { jsonValueIn } from '../../wire/json/json-value.js';
import { hasUniqueNames } from './unique-names.js';

/** Stands where a value was. */
export const REDACTED = '[redacted]';

/** Deeper values are not looked into: they are replaced as a whole. */
const MAX_DEPTH = 200;

/** How JSON of an object or a list begins. */
const STRUCTURE_BEGINNING = /^\s*[[{]/;

/** That, or JSON of a text, which may be JSON once more. */
const JSON_BEGINNING = /^\s*[[{"]/;

/** Members whose text is JSON by the APIs: what a tool is called with. */
const JSON_MEMBERS: ReadonlySet<string> = new Set(['arguments', 'input_json', 'partial_json']);

/** Where in the paths a value is: for each path that still fits, the steps that are left. */
type Rests = readonly (readonly JsonPathStep[])[];

/**
 * Makes a copy of a JSON value without what is not to be kept. A text that is JSON of an object or a
 * list, or of such a text, is looked into as if it were that. What is no JSON, because its stream
 * broke off say, is replaced as a whole: arguments of a tool, and a text that begins as an object or
 * a list does and has one of the names in quotes.
 *
 * @param entries - names of members, at any depth, or JSON paths (see `readJsonPath`)
 * @returns a function from a JSON value to its copy; the value itself where nothing is to be redacted
 */
export function createRedaction(entries: readonly string[]): (value: unknown) => unknown {
  const names = new Set(entries.filter((entry) => !entry.startsWith('$')));
  const paths = entries.map(readJsonPath).filter((path) => path !== null);
  if (names.size === 0 && paths.length === 0) return (value) => value;
  const isNamedIn = createNameSearch([...names, ...paths.flatMap(lastName)]);
  /** How often a value was replaced, or a text written anew. */
  let changes = 0;

  function redacted(): string {
    changes++;
    return REDACTED;
  }

  function copied(value: unknown, rests: Rests, depth: number): unknown {
    if (typeof value === 'string') return copiedText(value, rests, depth);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) return redacted();
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => inside(item, restsIn(rests, index), depth));
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, member]: [string, unknown]) => [
        name,
        names.has(name) || isBrokenJson(name, member)
          ? redacted()
          : inside(member, restsIn(rests, name), depth),
      ]),
    );
  }

  function copiedText(text: string, rests: Rests, depth: number): string {
    if (!JSON_BEGINNING.test(text)) return text;
    const value = jsonValueIn(text);
    if (value === undefined) {
      return STRUCTURE_BEGINNING.test(text) && isNamedIn(text) ? redacted() : text;
    }
    const before = changes;
    const copy = copied(value, rests, depth + 1);
    // Else as it is, for a copy changes long numbers. Of a name that occurs twice one was not looked at.
    if (changes === before && hasUniqueNames(text, value)) return text;
    changes++;
    return JSON.stringify(copy);
  }

  function inside(value: unknown, rests: Rests, depth: number): unknown {
    return rests.some((rest) => rest.length === 0) ? redacted() : copied(value, rests, depth + 1);
  }

  return (value) => copied(value, paths, 0);
}

function isBrokenJson(name: string, value: unknown): boolean {
  return (
    JSON_MEMBERS.has(name) &&
    typeof value === 'string' &&
    value !== '' &&
    jsonValueIn(value) === undefined
  );
}

/** The name nearest to what a path leads to. */
function lastName(path: readonly JsonPathStep[]): readonly string[] {
  const step = path.findLast(({ kind }) => kind === 'member');
  return step?.kind === 'member' ? [step.name] : [];
}

/** Whether a text has one of these names in quotes, be they escaped because it is JSON within JSON. */
function createNameSearch(names: readonly string[]): (text: string) => boolean {
  const quoted = names.map((name) => JSON.stringify(name));
  const unescaped = (text: string): string => text.replaceAll(/\\+"/g, '"');
  return (text) => {
    const plain = unescaped(text);
    return quoted.some((name) => plain.includes(name) || plain.includes(unescaped(name)));
  };
}

/** The paths one step further down, into the member or item of that name. */
function restsIn(rests: Rests, key: string | number): Rests {
  return rests.flatMap(([step, ...rest]) => {
    if (step === undefined) return [];
    if (step.kind !== 'descend') return fits(step, key) ? [rest] : [];
    // Any depth: the path as a whole goes on below, and what follows `..` may fit here.
    const [next, ...behind] = rest;
    const isHere = next !== undefined && fits(next, key);
    return isHere ? [[step, ...rest], behind] : [[step, ...rest]];
  });
}

function fits(step: JsonPathStep, key: string | number): boolean {
  switch (step.kind) {
    case 'member':
      return step.name === key;
    case 'item':
      return step.index === key;
    case 'each':
      return true;
    case 'descend':
      return false;
    default: {
      const exhaustiveCheck: never = step;
      return exhaustiveCheck;
    }
  }
}
