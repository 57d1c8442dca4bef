import { type ConfigFault } from '../../config-error.js';
import { type ModelEntry } from '../../resolve/models.js';
import { toEntry } from './group-entry.js';
import { type GroupFault, readGroup } from './group.js';

/** Longest part of a name that a fault repeats. */
const MAX_SHOWN = 64;

/**
 * Reads `LLM_PARAMS`: groups separated by `;`, each `model=NAME,key=value,…`, each an entry of
 * `models`. White space around keys does not count, nor does the newline that ends the variable.
 *
 * @returns the entries of the groups without faults; a fault names its group, counted from 1, the
 * group's model and the key, never a value
 */
export function readLlmParams(text: string): {
  readonly entries: readonly ModelEntry[];
  readonly faults: readonly ConfigFault[];
} {
  const entries: ModelEntry[] = [];
  const numbers = new Map<string, number>();
  const faults: ConfigFault[] = [];
  for (const [index, written] of groupsIn(text).entries()) {
    const number = index + 1;
    const group = readGroup(written);
    const { entry, faults: wrong } = toEntry(group.values);
    const first = numbers.get(entry.name);
    if (entry.name !== '' && first === undefined) numbers.set(entry.name, number);
    const repeated = first === undefined ? [] : [{ key: 'model', problem: sameModel(first) }];
    const all = [...group.faults, ...wrong, ...repeated];
    if (all.length === 0) entries.push(entry);
    // Not spread: there may be more of them than a call takes arguments.
    for (const fault of all) faults.push(toFault(fault, number, entry.name));
  }
  return { entries, faults };
}

function groupsIn(text: string): string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(';')
    .filter((group) => group.trim() !== '');
}

function sameModel(group: number): string {
  return `must be unique; group ${group} has the same`;
}

function toFault({ key, problem }: GroupFault, number: number, name: string): ConfigFault {
  const model = name === '' ? 'no model' : `model ${shown(name)}`;
  const where = key === '' ? '' : `, ${shown(key)}`;
  return { path: 'LLM_PARAMS', message: `group ${number} (${model})${where}: ${problem}` };
}

function shown(name: string): string {
  return /^[$\w]+$/.test(name) && name.length <= MAX_SHOWN
    ? name
    : JSON.stringify(name.slice(0, MAX_SHOWN));
}
