import { type BackendConfig } from '../config/backend-config.js';
import { DEFAULT_MODEL, type OfferedModel } from '../config/offered-model.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { matchesGlob } from './model-globs.js';
import { type ListedModel } from './model-listing.js';

/**
 * What clients are told they may ask for: the offered names in the order of the configuration, then
 * what each backend lists and its globs allow; each id once.
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
  for (const backend of [...backends, ...fallbackBackends]) {
    for (const listed of listedBy(backend)) {
      const isServed = backend.models.some((glob) => matchesGlob(glob, listed.id));
      if (isServed && !merged.has(listed.id)) merged.set(listed.id, listed);
    }
  }
  return merged;
}

/** `root`, as vLLM has it for models under another name, tells what an alias stands for. */
function entryOf({ name, model }: OfferedModel): ListedModel {
  return { id: name, object: 'model', created: 0, owned_by: 'sluice', root: model ?? name };
}
