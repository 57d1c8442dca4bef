import { type BackendConfig } from '../typed/backend-config.js';
import { formatAddress } from '../typed/listen-address.js';
import { DEFAULT_MODEL } from '../typed/offered-model.js';
import { type SettingsConfig } from '../typed/settings-config.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { backendFacts } from './backend-facts.js';
import { type Facts, quoted } from './fact.js';
import { modelFacts } from './model-facts.js';
import { settingsFacts } from './settings-facts.js';

/** What a configuration means, as text for a terminal, ending in a newline. Secrets are masked. */
export function describeConfig(config: SluiceConfig): string {
  return [
    `listens on ${addressOf(config.settings)}`,
    ...rows(settingsFacts(config.settings)),
    ...config.backends.flatMap((backend) => describeBackend('backend', backend)),
    ...config.fallbackBackends.flatMap((backend) => describeBackend('fallback', backend)),
    ...config.models.flatMap((offered) => [titleOf(offered.name), ...rows(modelFacts(offered))]),
    ...config.warnings.map((warning) => `warning: ${warning}`),
    '',
  ].join('\n');
}

function addressOf({ listen, tls }: SettingsConfig): string {
  return `${tls === null ? 'http' : 'https'}://${formatAddress(listen)}`;
}

function describeBackend(role: string, backend: BackendConfig): string[] {
  const { name, origin, basePath } = backend;
  return [`${role} "${name}" at ${origin}${basePath}`, ...rows(backendFacts(backend))];
}

function titleOf(name: string): string {
  return name === DEFAULT_MODEL
    ? 'model "default", for chat requests that name none'
    : `model ${quoted(name)}`;
}

function rows(facts: Facts): string[] {
  return Object.entries(facts).map(([name, { shown }]) => `  ${name.padEnd(10)} ${shown}`);
}
