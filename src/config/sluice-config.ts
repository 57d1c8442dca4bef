import { type Secret } from './secret.js';

/**
 * The configuration as the rest of Sluice sees it: validated, resolved (environment, files,
 * inheritance), frozen. The classes that mirror `config.json` stay inside this folder.
 */
export interface SluiceConfig {
  /** In the order of the file; never empty. */
  readonly backends: readonly BackendConfig[];
  readonly settings: SettingsConfig;
  /** Plain sentences to log once at start; they hold no secret. */
  readonly warnings: readonly string[];
}

/** Where an OpenAI-style server is and what is special about it. */
export interface BackendConfig {
  readonly name: string;
  /** `http://host:port` or `https://host:port`, without a path. */
  readonly origin: string;
  /** Path of the base URL without a trailing slash, `/v1` when the URL has none. */
  readonly basePath: string;
  /** Replaces the model of every request to this backend; null leaves it. */
  readonly model: string | null;
  /** Globs (`*` and `?`) of the requested models it serves. */
  readonly models: readonly string[];
  /** Sent as `Authorization: Bearer …` in place of the client's; null passes the client's on. */
  readonly apiKey: Secret | null;
  /** Added to every upstream request, replacing a client header of the same name. */
  readonly headers: readonly (readonly [name: string, value: Secret])[];
  readonly timeouts: TimeoutsConfig;
  /** Settings and backend merged, key by key. */
  readonly reasoning: ReasoningPolicy;
  /** PEM text of the certificate authority of a private server; null uses the system's. */
  readonly ca: string | null;
  readonly health: HealthProbeConfig;
}

/** Milliseconds; 0 means no limit. */
export interface TimeoutsConfig {
  /** Until the connection (and TLS) stands. */
  readonly connectMs: number;
  /** From the request's last byte to the reply's head. */
  readonly headersMs: number;
  /** From the request to the first data event of a stream; comments do not count. */
  readonly firstTokenMs: number;
  /** Between two chunks of the reply. */
  readonly idleMs: number;
  /** The whole exchange with the backend. */
  readonly totalMs: number;
}

export interface HealthProbeConfig {
  /** Appended to the backend's base path, `/models` by default. */
  readonly path: string;
  readonly intervalMs: number;
}

/** Where a client wants to find the model's reasoning. */
export const REASONING_OUTPUTS = [
  'keep',
  'strip',
  'tags',
  'reasoning_content',
  'reasoning',
  'both',
] as const;
export type ReasoningOutput = (typeof REASONING_OUTPUTS)[number];

/** Whether reasoning that already is in a field of its own is brought to the output too. */
export const REASONING_FIELDS = ['keep', 'rewrite'] as const;
export type ReasoningFields = (typeof REASONING_FIELDS)[number];

/** What reasoning in earlier assistant messages of a request becomes before the backend sees it. */
export const REASONING_HISTORY = [
  'keep',
  'strip',
  'tags',
  'reasoning_content',
  'reasoning',
] as const;
export type ReasoningHistory = (typeof REASONING_HISTORY)[number];

/** What becomes of a tool call that a harmony model wrote as text. */
export const HARMONY_CALLS = ['drop', 'tool_calls'] as const;
export type HarmonyCalls = (typeof HARMONY_CALLS)[number];

/** A pair of markers around the reasoning, and what is special about them. */
export interface TagDialectConfig {
  readonly open: string;
  readonly close: string;
  /** The message begins inside reasoning. */
  readonly implicitOpen: boolean;
  readonly scope: 'leading' | 'anywhere';
  readonly trim: 'lead' | 'none';
  /** Markers that end reasoning and stay in the content. */
  readonly toolOpen: readonly string[];
  readonly strayClose: 'keep' | 'drop';
  /** Text that belongs to the open marker when it follows it. */
  readonly openLabel: string;
  /** Markers around the answer, removed. */
  readonly contentOpen: readonly string[];
  readonly contentClose: readonly string[];
  /** Put between two blocks of reasoning, and between the pieces of content around a block. */
  readonly join: string;
}

/** The notation of the reasoning a backend emits: a preset's name, or a tag dialect of one's own. */
export type ReasoningInput = string | TagDialectConfig;

export interface ReasoningPolicy {
  readonly input: ReasoningInput;
  readonly output: ReasoningOutput;
  /** Markers written by the `tags` output. */
  readonly openTag: string;
  readonly closeTag: string;
  /** Null follows the output: `keep` where it is `tags`, else `rewrite`. */
  readonly fields: ReasoningFields | null;
  readonly history: ReasoningHistory;
  readonly harmonyCalls: HarmonyCalls;
}

export interface SettingsConfig {
  readonly listen: { readonly host: string; readonly port: number };
  /** Milliseconds of silence after which an event stream gets a comment line; 0 never. */
  readonly keepaliveMs: number;
  readonly limits: LimitsConfig;
  /** PEM texts; null listens in plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: Secret } | null;
  readonly drain: DrainConfig;
  readonly log: { readonly level: LogLevel };
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LimitsConfig {
  /** Most bytes of a request body that must be read as JSON: above, 413. */
  readonly maxBodyBytes: number;
  /** Most exchanges at once: above, 503 `overloaded`. */
  readonly maxInFlight: number;
  /** Most bytes of a request target: above, 414. */
  readonly maxTargetBytes: number;
  /** Most bytes of a request head: above, 431. */
  readonly maxHeaderBytes: number;
  /** Until the head must have arrived, and the longest stall of a body: else 408. */
  readonly requestMs: number;
}

export interface DrainConfig {
  /** After SIGTERM readiness is 503 while requests are still served, this long. */
  readonly delayMs: number;
  /** Longest wait for running exchanges after that. */
  readonly deadlineMs: number;
}
