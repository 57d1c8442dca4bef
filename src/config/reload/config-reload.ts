import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigStore } from '../config-store.js';
import { deepFreeze } from '../deep-freeze.js';
import { type ConfigSources } from '../load-config.js';
import { type SettingsConfig } from '../typed/settings-config.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { restartNeeds, untilRestart } from './restart-needs.js';
import { ConfigWatch, type ConfigWatchListener, type ReloadOutcome } from './watch-config.js';

/** Which files are looked at, and how soon after a change. */
export interface WatchOptions {
  /** What the configuration was loaded from; that of the process by default. */
  readonly sources?: ConfigSources;
  /** Milliseconds of quiet after a change before the files are read. */
  readonly quietMs?: number;
}

/** Puts a changed configuration in force, and says what became of one that is wrong. */
@Injectable()
export class ConfigReload implements ConfigWatchListener, OnApplicationShutdown {
  /** Looks at the files so far that found a change or were asked for. */
  readonly counts = { success: 0, failure: 0 };
  readonly #logger = new Logger('Config');
  #faults: readonly string[] = [];
  #watch: ConfigWatch | null = null;

  constructor(private readonly store: ConfigStore) {}

  /** What is wrong with the latest files, whose configuration is not in force; empty when nothing is. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Follows the files of the configuration from now on. */
  watch({ sources, quietMs }: WatchOptions = {}): void {
    this.#watch?.close();
    this.#watch = new ConfigWatch(
      {
        config: this.store.current,
        ...(sources === undefined ? {} : { sources }),
        ...(quietMs === undefined ? {} : { quietMs }),
      },
      this,
    );
    this.#watch.start();
  }

  /** Reads the files now, changed or not. */
  reload(): void {
    this.#watch?.reload();
  }

  onApplicationShutdown(): void {
    this.#watch?.close();
    this.#watch = null;
  }

  onReload(outcome: ReloadOutcome): void {
    switch (outcome.kind) {
      case 'config':
        this.#accept(outcome);
        return;
      case 'faults':
        this.counts.failure += 1;
        this.#faults = outcome.error.faults.map(({ path, message }) => `${path}: ${message}`);
        this.#logger.error({ msg: 'configuration not reloaded', faults: this.#faults });
        return;
      default: {
        const exhaustiveCheck: never = outcome;
        return exhaustiveCheck;
      }
    }
  }

  onUnwatched(folder: string, reason: string): void {
    const msg = 'changes of the configuration are not noticed, SIGHUP reloads it';
    this.#logger.warn({ msg, folder, reason });
  }

  #accept({ config, changes }: Extract<ReloadOutcome, { readonly kind: 'config' }>): void {
    const { settings } = this.store.current;
    this.counts.success += 1;
    this.#faults = [];
    this.store.swap(inForce(config, settings));
    this.#logger.log({ msg: 'configuration reloaded', changes });
    for (const warning of config.warnings) this.#logger.warn(warning);
    const needs = restartNeeds(settings, config.settings);
    if (needs.length > 0) this.#logger.warn({ msg: 'a restart is needed', settings: needs });
  }
}

/** The configuration as far as it can hold without a restart. */
function inForce(config: SluiceConfig, current: SettingsConfig): SluiceConfig {
  const settings = untilRestart(current, config.settings);
  return settings === config.settings ? config : deepFreeze({ ...config, settings });
}
