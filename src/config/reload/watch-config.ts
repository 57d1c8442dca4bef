import { ConfigError } from '../config-error.js';
import { configPath, type FilePresence } from '../config-file.js';
import { readEnvironment, type Variables } from '../environment/environment.js';
import { type ConfigSources, loadConfig } from '../load-config.js';
import { type ReadFile, readUtf8 } from '../source/read-file.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { changesBetween } from './changes-between.js';
import { FolderWatchers } from './folder-watchers.js';
import { keepUnchanged } from './keep-unchanged.js';
import { type RecordedReads, recordReads, UNREADABLE } from './recorded-reads.js';
import { sameValue } from './same-value.js';
import { watchPoints } from './watch-points.js';

/** What became of a look at the configuration. */
export type ReloadOutcome =
  /** It is right, and in force from now on; parts that did not change are the objects they were. */
  | {
      readonly kind: 'config';
      readonly config: SluiceConfig;
      /** Plain sentences; empty where it means what it meant. */
      readonly changes: readonly string[];
    }
  /** It is wrong: what was last right stays in force. */
  | { readonly kind: 'faults'; readonly error: ConfigError };

/** Told what becomes of the configuration while its files are watched. */
export interface ConfigWatchListener {
  onReload(outcome: ReloadOutcome): void;
  /** Changes in a folder will not be noticed, for the reason of the code; `reload()` still works. */
  onUnwatched(folder: string, reason: string): void;
}

/** What is watched, and how patiently. */
export interface ConfigWatchOptions {
  /** As for `loadConfig`; what was loaded from them is `config`. */
  readonly sources?: ConfigSources;
  readonly config: SluiceConfig;
  /** Milliseconds of quiet after a change before the files are read; default 100. */
  readonly quietMs?: number;
}

const DEFAULT_QUIET_MS = 100;
/** Files that never come to rest are read all the same after this many times the quiet. */
const MAX_POSTPONED = 20;

/**
 * Watches everything that the configuration was read from: `config.json`, `.env`, the files of
 * `${file:…}` and the certificates, also those that are missing. Notices saves in place, renames
 * and exchanged symbolic links; reads again when it is quiet, and calls back when a text differs.
 */
export class ConfigWatch {
  readonly #quietMs: number;
  readonly #env: Variables;
  readonly #cwd: string;
  readonly #readFile: ReadFile;
  #file: FilePresence = 'optional';
  readonly #folders: FolderWatchers;
  #current: SluiceConfig;
  /** What was read last; null before the first look. */
  #seen: RecordedReads['states'] | null = null;
  #timer: NodeJS.Timeout | null = null;
  #postponed = 0;
  #isClosed = false;

  constructor(
    {
      sources: { env = process.env, cwd = process.cwd(), readFile = readUtf8 } = {},
      config,
      quietMs = DEFAULT_QUIET_MS,
    }: ConfigWatchOptions,
    private readonly listener: ConfigWatchListener,
  ) {
    this.#env = env;
    this.#cwd = cwd;
    this.#readFile = readFile;
    this.#current = config;
    this.#quietMs = quietMs;
    this.#folders = new FolderWatchers({
      onEvent: () => {
        this.#lookWhenQuiet();
      },
      onFailure: (folder, reason) => {
        listener.onUnwatched(folder, reason);
      },
    });
  }

  /** Begins to watch; calls back at once if the files do not say what the configuration says. */
  start(): void {
    const outcome = this.#look();
    if (outcome.kind === 'faults' || outcome.config !== this.#current) this.#report(outcome);
  }

  /** Reads the configuration now and calls back, changed or not: what SIGHUP asks for. */
  reload(): void {
    this.#report(this.#look());
  }

  /** Ends watching; there is no callback after it. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#folders.close();
  }

  #lookWhenQuiet(): void {
    if (this.#timer === null) {
      this.#postponed = 0;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#lookForChange();
      }, this.#quietMs);
    } else if (this.#postponed < MAX_POSTPONED) {
      this.#postponed += 1;
      this.#timer.refresh();
    }
  }

  #lookForChange(): void {
    const before = this.#seen;
    const outcome = this.#look();
    if (!sameValue(before, this.#seen)) this.#report(outcome);
  }

  #look(): ReloadOutcome {
    const reads = recordReads(this.#readFile);
    const outcome = this.#read(reads);
    this.#seen = reads.states;
    if (outcome.kind === 'config' && this.#hasFile(reads)) this.#file = 'required';
    const points = [...reads.states.keys()].flatMap(watchPoints);
    // What changed before its folder was watched would go unnoticed for ever.
    if (!this.#isClosed && this.#folders.watch(points)) this.#lookWhenQuiet();
    return outcome;
  }

  #read({ readFile }: RecordedReads): ReloadOutcome {
    try {
      const sources = { env: this.#env, cwd: this.#cwd, readFile, file: this.#file };
      const next = loadConfig(sources);
      const config = keepUnchanged(this.#current, next);
      return { kind: 'config', config, changes: changesBetween(this.#current, config) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { kind: 'faults', error };
    }
  }

  #hasFile({ readFile, states }: RecordedReads): boolean {
    const { environment } = readEnvironment(this.#env, this.#cwd, readFile);
    const state = states.get(configPath(environment, this.#cwd));
    return state !== undefined && state !== UNREADABLE;
  }

  #report(outcome: ReloadOutcome): void {
    if (this.#isClosed) return;
    if (outcome.kind === 'config') this.#current = outcome.config;
    this.listener.onReload(outcome);
  }
}
