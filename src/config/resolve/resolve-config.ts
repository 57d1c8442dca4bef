import { type Overrides } from '../environment/overrides.js';
import { formatAddress, isLoopback } from '../listen-address.js';
import { type ConfigSection } from '../sections/config.section.js';
import { type SettingsSection } from '../sections/settings.section.js';
import { type BackendConfig, type SettingsConfig, type SluiceConfig } from '../sluice-config.js';
import { type BackendInheritance, environmentBackends, resolveBackends } from './backends.js';
import { type ReasoningLayer, stripBetween, toReasoningLayer } from './reasoning.js';
import { resolveSettings } from './settings.js';
import { ofSilence, resolveTimeouts } from './timeouts.js';

/** Everything the configuration says, each part without faults. */
export interface ConfigParts {
  readonly section: ConfigSection;
  readonly overrides: Overrides;
  /** PEM texts by the path of the key that names their file. */
  readonly pems: ReadonlyMap<string, string>;
}

/** What holds when the file says nothing: as long as the SDKs wait. */
const DEFAULT_TIMEOUTS = ofSilence(600);

/** Merges the parts, the environment over the file. There may be no backend in the result. */
export function resolveConfig({ section, overrides, pems }: ConfigParts): SluiceConfig {
  const inherited: BackendInheritance = {
    timeouts: resolveTimeouts(
      overrides.timeoutSeconds ?? section.settings.timeout,
      DEFAULT_TIMEOUTS,
    ),
    reasoning: settingsReasoning(section.settings, overrides),
    openaiKey: overrides.openaiKey,
    pems,
  };
  const listed = resolveBackends(section.primary_backends, inherited);
  const { backends, warnings } =
    overrides.upstreamUrl === null
      ? listed
      : { backends: environmentBackends(overrides.upstreamUrl, inherited), warnings: [] };
  const settings = resolveSettings(section.settings, overrides, pems);
  return { backends, settings, warnings: [...warnings, ...exposedKeys(backends, settings)] };
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
