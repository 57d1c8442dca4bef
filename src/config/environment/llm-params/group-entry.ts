import { type ModelEntry } from '../../resolve/models.js';
import { parametersOf } from '../../resolve/params.js';
import { type ReasoningLayer, stripBetween } from '../../resolve/reasoning.js';
import { modelNameProblem } from '../../rules/model-name.js';
import { MAX_MARKER_CHARS } from '../../sections/tag-dialect.section.js';
import { type GroupFault } from './group.js';
import { booleanOf, typedValue } from './parameter-types.js';

/** Keys that are no parameters. */
const SPECIAL: ReadonlySet<string> = new Set([
  'model',
  'upstream_model_name',
  'append_to_last_user_message',
  'think_tag_start',
  'think_tag_end',
  'enable_think_tag_filtering',
]);

type Values = ReadonlyMap<string, string>;

/** The entry of `models` that a group is; its name is empty where the group names no model. */
export function toEntry(values: Values): {
  readonly entry: ModelEntry;
  readonly faults: readonly GroupFault[];
} {
  const name = (values.get('model') ?? '').trim();
  const params = parametersIn(values);
  const reasoning = reasoningIn(values);
  return {
    entry: {
      name,
      model: textOrNull(values.get('upstream_model_name')?.trim()),
      backends: null,
      params: { set: parametersOf(params.set), default: [], drop: [] },
      reasoning: reasoning.layer,
      appendToLastUserMessage: textOrNull(values.get('append_to_last_user_message')),
      affinity: undefined,
    },
    faults: [...nameFaults(values, name), ...reasoning.faults, ...params.faults],
  };
}

function nameFaults(values: Values, name: string): GroupFault[] {
  if (!values.has('model')) return [{ key: '', problem: 'must say model=NAME' }];
  const problem = modelNameProblem(name);
  return problem === null ? [] : [{ key: 'model', problem }];
}

function parametersIn(values: Values): {
  readonly set: Readonly<Record<string, unknown>>;
  readonly faults: readonly GroupFault[];
} {
  const faults: GroupFault[] = [];
  const entries = [...values].flatMap(([key, text]): [string, unknown][] => {
    if (SPECIAL.has(key)) return [];
    const typed = typedValue(key, text);
    if (typed.kind === 'value') return [[key, typed.value]];
    faults.push({ key, problem: typed.problem });
    return [];
  });
  return { set: Object.fromEntries(entries), faults };
}

/** Markers alone filter; `enable_think_tag_filtering` says whether, whatever markers there are. */
function reasoningIn(values: Values): {
  readonly layer: ReasoningLayer;
  readonly faults: readonly GroupFault[];
} {
  const open = values.get('think_tag_start');
  const close = values.get('think_tag_end');
  const word = values.get('enable_think_tag_filtering');
  const isFiltering = word === undefined ? null : booleanOf(word.trim());
  const layer =
    open === undefined && close === undefined && word === undefined
      ? {}
      : stripBetween({ open: open ?? '<think>', close: close ?? '</think>' });
  const isOff = isFiltering?.kind === 'value' && isFiltering.value === false;
  return {
    layer: isOff ? { output: 'keep' } : layer,
    faults: [
      ...markerFaults('think_tag_start', open),
      ...markerFaults('think_tag_end', close),
      ...(isFiltering?.kind === 'fault'
        ? [{ key: 'enable_think_tag_filtering', problem: isFiltering.problem }]
        : []),
    ],
  };
}

function markerFaults(key: string, marker: string | undefined): GroupFault[] {
  if (marker === '') return [{ key, problem: 'must not be empty' }];
  return marker !== undefined && marker.length > MAX_MARKER_CHARS
    ? [{ key, problem: `must have at most ${MAX_MARKER_CHARS} characters` }]
    : [];
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
