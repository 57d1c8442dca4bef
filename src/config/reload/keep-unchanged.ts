import { deepFreeze } from '../deep-freeze.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { sameValue } from './same-value.js';

/**
 * The next configuration, with the very objects of the current one for backends, offered models and
 * settings that mean the same. What others keep by these objects (pools, plans, health) so lives on.
 * Where nothing changed it is the current configuration itself.
 */
export function keepUnchanged(current: SluiceConfig, next: SluiceConfig): SluiceConfig {
  if (sameValue(current, next)) return current;
  const backends = byName([...current.backends, ...current.fallbackBackends]);
  const models = byName(current.models);
  return deepFreeze({
    ...next,
    backends: next.backends.map((backend) => kept(backends, backend)),
    fallbackBackends: next.fallbackBackends.map((backend) => kept(backends, backend)),
    models: next.models.map((offered) => kept(models, offered)),
    settings: sameValue(current.settings, next.settings) ? current.settings : next.settings,
  });
}

interface Named {
  readonly name: string;
}

function byName<Part extends Named>(parts: readonly Part[]): ReadonlyMap<string, Part> {
  return new Map(parts.map((part) => [part.name, part]));
}

function kept<Part extends Named>(known: ReadonlyMap<string, Part>, part: Part): Part {
  const old = known.get(part.name);
  return old !== undefined && sameValue(old, part) ? old : part;
}
