import { type BackendConfig } from './backend-config.js';
import { type OfferedModel } from './offered-model.js';
import { type SettingsConfig } from './settings-config.js';

/**
 * The configuration as the rest of Sluice sees it: validated, resolved (environment, files,
 * inheritance), frozen. The classes that mirror `config.json` stay in `config/sections`.
 */
export interface SluiceConfig {
  /** In the order of the file; never empty: without a primary one the fallbacks stand here. */
  readonly backends: readonly BackendConfig[];
  /** Used when none of `backends` can serve; no name is in both lists. */
  readonly fallbackBackends: readonly BackendConfig[];
  /** The names offered to clients, {@link DEFAULT_MODEL} among them if it is configured. */
  readonly models: readonly OfferedModel[];
  readonly settings: SettingsConfig;
  /** Plain sentences to log once at start; they hold no secret. */
  readonly warnings: readonly string[];
}
