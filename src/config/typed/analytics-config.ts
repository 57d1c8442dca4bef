import { type Secret } from '../secret.js';

/** Where who used what is kept, and how much of it. */
export interface AnalyticsConfig {
  readonly isEnabled: boolean;
  readonly tenant: TenantConfig;
  /** Of those that match the model a backend was asked for, the glob that says most of it counts. */
  readonly prices: readonly PriceConfig[];
  readonly capture: CaptureConfig;
  /** Records older than this are deleted; 0 keeps them. */
  readonly retentionDays: number;
  /** Most records that wait for a sink in memory. */
  readonly maxQueued: number;
  readonly spool: SpoolConfig;
  /** Never empty where analytics are on. */
  readonly sinks: readonly SinkConfig[];
}

/** How the tenant of a request is told. */
export interface TenantConfig {
  /** Names of request fields in lower case, the first that is there counts. */
  readonly headers: readonly string[];
  /** Names of tenants by the fingerprint of their key: 12 hexadecimal digits. */
  readonly names: ReadonlyMap<string, string>;
}

/** USD per million tokens. */
export interface PriceConfig {
  /** Glob (`*` and `?`). */
  readonly model: string;
  readonly input: number;
  /** Of tokens read from a prompt cache; null costs as much as `input`. */
  readonly cachedInput: number | null;
  readonly output: number;
}

/** Of which exchanges bodies are kept: none, those that fail, a share, or all. */
export const CAPTURE_MODES = ['off', 'failures', 'sample', 'all'] as const;
export type CaptureMode = (typeof CAPTURE_MODES)[number];

/** Which bodies are kept. */
export interface CaptureConfig {
  readonly mode: CaptureMode;
  /** Share of the exchanges with mode `sample`, 0 to 1. */
  readonly rate: number;
  /** Most bytes kept of a request, and of a reply. */
  readonly maxBytes: number;
  /** Key names (any depth) or JSON paths (`$.messages[*].content`) whose values are replaced. */
  readonly redact: readonly string[];
}

/** Where records wait on disk for a sink that is down. */
export interface SpoolConfig {
  /** Absolute path of a folder. */
  readonly path: string;
  /** Most bytes of all sinks' records together. */
  readonly maxBytes: number;
}

/** Where records go. Paths are absolute. */
export type SinkConfig =
  | { readonly kind: 'duckdb'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: Secret }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** A file of this size is followed by the next. */
      readonly rotateBytes: number;
      /** Most files beside the one being written. */
      readonly keep: number;
    }
  | {
      readonly kind: 'otlp';
      /** Base URL of the collector (OTLP/HTTP), without `/v1/traces`. */
      readonly url: string;
      readonly headers: readonly (readonly [name: string, value: Secret])[];
    }
  | {
      /** A sink of the user's own. */
      readonly kind: 'module';
      /** Of a file whose default export makes an analyzer. */
      readonly path: string;
      readonly options: Readonly<Record<string, unknown>>;
    };
