import { type BackendConfig } from '../../config/typed/backend-config.js';
import { isName, matchesGlob } from '../../config/typed/model-globs.js';
import { DEFAULT_MODEL, type OfferedModel } from '../../config/typed/offered-model.js';
import { type SluiceConfig } from '../../config/typed/sluice-config.js';
import { type ListedModel } from './model-listing.js';

/**
 * What clients are told they may ask for: the offered names in the order of the configuration, then
 * what each backend lists and its globs allow, then the aliases: names without a wildcard among the
 * globs of a backend that serves them by another model; each id once.
 *
 * @param listedBy - the models a backend lists.
 */
export function mergedModels(
  { backends, fallbackBackends, models }: SluiceConfig,
  listedBy: (backend: BackendConfig) => readonly ListedModel[],
): ReadonlyMap<string, ListedModel> {
  const merged = new Map<string, ListedModel>();
  for (const offered of models) {
    if (offered.name !== DEFAULT_MODEL) merged.set(offered.name, entryOf(offered));
  }
  const all = [...backends, ...fallbackBackends];
  for (const backend of all) {
    for (const listed of listedBy(backend)) {
      const isServed = backend.models.some((glob) => matchesGlob(glob, listed.id));
      if (isServed && !merged.has(listed.id)) merged.set(listed.id, listed);
    }
  }
  // After the lists, since a backend knows more of a model than its name.
  for (const { models: globs, model } of all) {
    if (model === null) continue;
    for (const name of globs.filter(isName)) {
      if (!merged.has(name)) merged.set(name, entryOf({ name, model }));
    }
  }
  return merged;
}

/** `root`, as vLLM has it for models under another name, tells what an alias stands for. */
function entryOf({ name, model }: Pick<OfferedModel, 'name' | 'model'>): ListedModel {
  return { id: name, object: 'model', created: 0, owned_by: 'sluice', root: model ?? name };
}
