import { droppedNameProblem } from '../../rules/parameter-rules.js';
import { unescape } from './escapes.js';

/** What is wrong in a group. */
export interface GroupFault {
  /** Empty where the group itself is at fault. */
  readonly key: string;
  /** Never holds a value. */
  readonly problem: string;
}

/** What a group says. */
export interface Group {
  /** Decoded values by their keys, in the order written. */
  readonly values: ReadonlyMap<string, string>;
  readonly faults: readonly GroupFault[];
}

/**
 * Reads `key=value,key=value,…`. The first `=` ends a key; a value is everything after it, spaces
 * too, up to the next comma, with its escapes decoded only then, so that it may hold a comma or a
 * semicolon as `\u002c` or `\u003b`.
 */
export function readGroup(written: string): Group {
  const values = new Map<string, string>();
  const faults: GroupFault[] = [];
  for (const pair of written.split(',')) {
    if (pair.trim() === '') continue;
    const equals = pair.indexOf('=');
    const key = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    const value = unescape(pair.slice(equals + 1));
    const problem =
      equals < 0
        ? NO_VALUE
        : (keyProblem(key, values) ?? (value.kind === 'fault' ? value.problem : null));
    if (problem !== null) faults.push({ key: equals < 0 ? '' : key, problem });
    else if (value.kind === 'text') values.set(key, value.text);
  }
  return { values, faults };
}

// What has no equals sign may be the rest of a value with a comma in it, and is not repeated.
const NO_VALUE = 'key=value is expected between commas; a comma in a value is written \\u002c';

function keyProblem(key: string, values: ReadonlyMap<string, string>): string | null {
  if (key === '') return 'a key is expected before =';
  return values.has(key) ? 'is given twice' : droppedNameProblem(key);
}
