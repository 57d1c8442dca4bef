import { backendFacts } from '../describe/backend-facts.js';
import { type Facts, quoted, told } from '../describe/fact.js';
import { modelFacts } from '../describe/model-facts.js';
import { settingsFacts } from '../describe/settings-facts.js';
import { formatAddress } from '../typed/listen-address.js';
import { type SettingsConfig } from '../typed/settings-config.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { sameValue } from './same-value.js';

/** Most changes that are told one by one. */
const MAX_CHANGES = 100;

/** Facts of all parts of one kind, by what a part is called. */
type Parts = ReadonlyMap<string, Facts>;

/**
 * What changed from one configuration to the next, in plain words, at most {@link MAX_CHANGES} and
 * one line for the rest; empty where nothing did. Secrets are masked: of one that changed only that
 * is said.
 */
export function changesBetween(current: SluiceConfig, next: SluiceConfig): readonly string[] {
  const changes = [
    ...partChanges(backendsOf(current), backendsOf(next)),
    ...orderChanges(current, next),
    ...partChanges(modelsOf(current), modelsOf(next)),
    ...factChanges('settings', settingsOf(current.settings), settingsOf(next.settings)),
  ];
  const rest = changes.length - MAX_CHANGES;
  return rest > 0 ? [...changes.slice(0, MAX_CHANGES), `${rest} more changes`] : changes;
}

function backendsOf({ backends, fallbackBackends }: SluiceConfig): Parts {
  const primary = new Set(backends);
  return new Map(
    [...backends, ...fallbackBackends].map((backend) => {
      const facts = {
        role: told(primary.has(backend) ? 'primary' : 'fallback'),
        url: told(backend.origin + backend.basePath),
        ...backendFacts(backend),
      };
      return [`backend ${quoted(backend.name)}`, facts];
    }),
  );
}

function modelsOf({ models }: SluiceConfig): Parts {
  return new Map(models.map((offered) => [`model ${quoted(offered.name)}`, modelFacts(offered)]));
}

function settingsOf(settings: SettingsConfig): Facts {
  return {
    listen: told(formatAddress(settings.listen)),
    tls: told(settings.tls === null ? 'off' : 'on'),
    ...settingsFacts(settings),
  };
}

function partChanges(current: Parts, next: Parts): string[] {
  const removed = [...current.keys()].filter((part) => !next.has(part));
  return [
    ...removed.map((part) => `${part} removed`),
    ...[...next].flatMap(([part, facts]) => {
      const old = current.get(part);
      return old === undefined ? [`${part} added`] : factChanges(part, old, facts);
    }),
  ];
}

function factChanges(part: string, current: Facts, next: Facts): string[] {
  const names = new Set([...Object.keys(current), ...Object.keys(next)]);
  return [...names].flatMap((name) => {
    const before = current[name];
    const after = next[name];
    if (sameValue(before, after)) return [];
    const from = before?.shown ?? 'none';
    const to = after?.shown ?? 'none';
    return [`${part}: ${name} ${from === to ? 'changed' : `${from} → ${to}`}`];
  });
}

// The first that can serve takes what must stay in one place.
function orderChanges(current: SluiceConfig, next: SluiceConfig): string[] {
  const before = current.backends.map(({ name }) => name);
  const after = next.backends.map(({ name }) => name);
  const stayed = before.filter((name) => after.includes(name));
  const isSame = sameValue(
    stayed,
    after.filter((name) => before.includes(name)),
  );
  return isSame ? [] : ['the backends stand in another order'];
}
