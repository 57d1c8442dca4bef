import { formatPath } from '../path.js';
import { type ModelSection } from '../sections/model.section.js';
import { readAffinity } from '../typed/affinity.js';
import { type AffinityConfig } from '../typed/affinity.js';
import { type BackendConfig } from '../typed/backend-config.js';
import { type OfferedModel, type ServedOn } from '../typed/offered-model.js';
import { isNoParams, mergeParams, toParams } from './params.js';
import { mergeReasoning, toReasoningLayer } from './reasoning.js';

/** What an entry of `models` says by itself, in the file or in the environment. */
export interface ModelEntry extends Omit<OfferedModel, 'servedOn' | 'affinity'> {
  /** Undefined leaves it to the settings. */
  readonly affinity: AffinityConfig | null | undefined;
}

/** Reads the `models` of the file. */
export function toModelEntries(sections: ReadonlyMap<string, ModelSection>): ModelEntry[] {
  return [...sections].map(([name, section]) => ({
    name,
    model: textOrNull(section.model),
    backends: section.backends === undefined ? null : [...new Set(section.backends)],
    params: toParams(section.params),
    reasoning: toReasoningLayer(section.reasoning),
    appendToLastUserMessage: textOrNull(section.append_to_last_user_message),
    affinity: section.affinity === undefined ? undefined : readAffinity(section.affinity),
  }));
}

/** The entries with those of the same name replaced by, and the others followed by, `stronger`. */
export function overrideEntries(
  entries: readonly ModelEntry[],
  stronger: readonly ModelEntry[],
): ModelEntry[] {
  const byName = new Map([...entries, ...stronger].map((entry) => [entry.name, entry]));
  return [...byName.values()];
}

/**
 * What is offered, with everything merged for each backend that serves it. An entry all of whose
 * backends were skipped cannot be served: it is skipped too, with a warning.
 *
 * @param backends - those that have a URL, fallbacks among them
 */
export function resolveModels(
  entries: readonly ModelEntry[],
  backends: readonly BackendConfig[],
  inherited: AffinityConfig | null,
): { readonly models: readonly OfferedModel[]; readonly warnings: readonly string[] } {
  const models: OfferedModel[] = [];
  const warnings: string[] = [];
  for (const entry of entries) {
    const serving = backends.filter(({ name }) => entry.backends?.includes(name) ?? true);
    if (serving.length === 0) {
      const path = formatPath(['models', entry.name]);
      warnings.push(`${path} is skipped: none of its backends has a url`);
      continue;
    }
    const affinity = entry.affinity === undefined ? inherited : entry.affinity;
    models.push({
      ...entry,
      ...namesOf(entry, serving),
      affinity,
      servedOn: served(entry, serving),
    });
  }
  return { models, warnings };
}

function namesOf(
  { backends }: ModelEntry,
  serving: readonly BackendConfig[],
): Pick<OfferedModel, 'backends'> {
  return { backends: backends === null ? null : serving.map(({ name }) => name) };
}

function served(
  entry: ModelEntry,
  backends: readonly BackendConfig[],
): ReadonlyMap<string, ServedOn> {
  return new Map(backends.map((backend) => [backend.name, servedOn(entry, backend)]));
}

// What an entry does not touch stays the backend's own object, so that one plan serves both.
function servedOn({ params, reasoning }: ModelEntry, backend: BackendConfig): ServedOn {
  return {
    params: isNoParams(params) ? backend.params : mergeParams(backend.params, params),
    reasoning:
      Object.keys(reasoning).length === 0
        ? backend.reasoning
        : mergeReasoning(backend.reasoning, reasoning),
  };
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}
