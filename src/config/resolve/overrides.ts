import { type ModelEntry } from './models.js';

/** What the environment puts in place of the file; null leaves what the file says. */
export interface Overrides {
  readonly host: string | null;
  readonly port: number | null;
  /** Base URL of the one backend that replaces the listed ones. */
  readonly upstreamUrl: string | null;
  readonly openaiKey: string | null;
  readonly timeoutSeconds: number | null;
  /** Markers of the reasoning to strip. */
  readonly thinkTags: { readonly open: string; readonly close: string } | null;
  /** Entries of `models`, each in place of one of the file. */
  readonly models: readonly ModelEntry[];
  /** The PostgreSQL database that records go to if no sink is listed. */
  readonly databaseUrl: string | null;
  readonly isDebug: boolean;
}
