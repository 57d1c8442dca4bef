import { type ConfigSection } from '../sections/config.section.js';
import { type SettingsSection } from '../sections/settings.section.js';
import { type BackendConfig } from '../typed/backend-config.js';
import { formatAddress, isLoopback } from '../typed/listen-address.js';
import { type SettingsConfig } from '../typed/settings-config.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { type BackendInheritance, environmentBackends, resolveBackends } from './backends.js';
import { overrideEntries, resolveModels, toModelEntries } from './models.js';
import { type Overrides } from './overrides.js';
import { type ReasoningLayer, stripBetween, toReasoningLayer } from './reasoning.js';
import { resolveSettings } from './settings.js';
import { ofSilence, resolveTimeouts } from './timeouts.js';

/** Everything the configuration says, each part without faults. */
export interface ConfigParts {
  readonly section: ConfigSection;
  readonly overrides: Overrides;
  /** PEM texts by the path of the key that names their file. */
  readonly pems: ReadonlyMap<string, string>;
  /** Where relative paths start from. */
  readonly folder: string;
}

/** What holds when the file says nothing: as long as the SDKs wait. */
const DEFAULT_TIMEOUTS = ofSilence(600);

/** Merges the parts, the environment over the file. There may be no backend in the result. */
export function resolveConfig(parts: ConfigParts): SluiceConfig {
  const { section, overrides, pems } = parts;
  const settings = resolveSettings(section.settings, parts);
  const inherited: BackendInheritance = {
    timeouts: resolveTimeouts(
      overrides.timeoutSeconds ?? section.settings.timeout,
      DEFAULT_TIMEOUTS,
    ),
    params: settings.params,
    reasoning: settingsReasoning(section.settings, overrides),
    openaiKey: overrides.openaiKey,
    pems,
  };
  const { backends, fallbackBackends, warnings } =
    overrides.upstreamUrl === null
      ? listedBackends(section, inherited)
      : {
          backends: environmentBackends(overrides.upstreamUrl, inherited),
          fallbackBackends: [],
          warnings: [],
        };
  const all = [...backends, ...fallbackBackends];
  const entries = overrideEntries(toModelEntries(section.models), overrides.models);
  const offered = resolveModels(entries, all, settings.affinity);
  return {
    backends,
    fallbackBackends,
    models: offered.models,
    settings,
    warnings: [...warnings, ...offered.warnings, ...exposedKeys(all, settings)],
  };
}

type ListedBackends = Pick<SluiceConfig, 'backends' | 'fallbackBackends' | 'warnings'>;

function listedBackends(section: ConfigSection, inherited: BackendInheritance): ListedBackends {
  const primary = resolveBackends(section.primary_backends, 'primary_backends', inherited);
  const fallback = resolveBackends(section.fallback_backends, 'fallback_backends', inherited);
  const warnings = [...primary.warnings, ...fallback.warnings];
  // Fallbacks serve while no primary can; with none at all that is always.
  return primary.backends.length === 0
    ? { backends: fallback.backends, fallbackBackends: [], warnings }
    : { backends: primary.backends, fallbackBackends: fallback.backends, warnings };
}

function settingsReasoning(section: SettingsSection, { thinkTags }: Overrides): ReasoningLayer {
  const written = toReasoningLayer(section.reasoning);
  return thinkTags === null ? written : { ...written, ...stripBetween(thinkTags) };
}

function exposedKeys(backends: readonly BackendConfig[], { listen }: SettingsConfig): string[] {
  const names = backends.filter(({ apiKey }) => apiKey !== null).map(({ name }) => `"${name}"`);
  if (names.length === 0 || isLoopback(listen.host)) return [];
  return [
    `Sluice sends a key of its own to ${names.join(', ')} and listens on ` +
      `${formatAddress(listen)}: anyone who reaches that port spends the key. ` +
      'Keep the port private, or listen on 127.0.0.1.',
  ];
}
