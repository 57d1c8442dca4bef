import { type Secret } from './secret.js';

/**
 * The configuration as the rest of Sluice sees it: validated, resolved (environment, files,
 * inheritance), frozen. The classes that mirror `config.json` stay inside this folder.
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
  /** Share of the requests relative to other backends; above 0, 1 by default. */
  readonly weight: number;
  /** Most exchanges at once; 0 means no limit. */
  readonly maxInFlight: number;
  /** Settings and backend merged, key by key; `paramsFor` has those of an offered model. */
  readonly params: ParamsConfig;
  /** Settings and backend merged, key by key; `policyFor` has that of an offered model. */
  readonly reasoning: ReasoningPolicy;
  /** PEM text of the certificate authority of a private server; null uses the system's. */
  readonly ca: string | null;
  readonly health: HealthProbeConfig;
}

/** The name of the offered model that serves chat requests which name none; it is not listed. */
export const DEFAULT_MODEL = 'default';

/** An entry of `models`: a name that clients may ask for. */
export interface OfferedModel {
  readonly name: string;
  /** The model the backend is asked for; null sends the requested name. */
  readonly model: string | null;
  /**
   * Names of the backends and fallback backends that serve it, whatever their globs say; never
   * empty. Null lets every backend serve it.
   */
  readonly backends: readonly string[] | null;
  /** What the entry itself says; merged with the backend's by `paramsFor`. */
  readonly params: ParamsConfig;
  /** What the entry itself says; merged with the backend's by `policyFor`. */
  readonly reasoning: Partial<ReasoningPolicy>;
  readonly appendToLastUserMessage: string | null;
  /** The entry's, else that of the settings; null where requests stick to no backend. */
  readonly affinity: AffinityConfig | null;
  /** What holds on each backend that serves it, by the backend's name. */
  readonly servedOn: ReadonlyMap<string, ServedOn>;
}

/** Settings, backend and model entry merged, key by key. */
export interface ServedOn {
  readonly params: ParamsConfig;
  readonly reasoning: ReasoningPolicy;
}

/**
 * What becomes of the parameters of a request: top-level members of its JSON. No name is in more
 * than one of the lists: one that is dropped is not set, and one that is set needs no default.
 */
export interface ParamsConfig {
  /** Over what the request says. */
  readonly set: readonly ParameterConfig[];
  /** Where the request says nothing. */
  readonly default: readonly ParameterConfig[];
  /** Names of the parameters that are removed. */
  readonly drop: readonly string[];
}

/** A parameter and its value. */
export interface ParameterConfig {
  readonly name: string;
  /** The value as JSON text. */
  readonly json: string;
}

/** What makes requests of one conversation go to one backend, so that its prefix cache is hit. */
export type AffinityConfig =
  /** The value of a request header; the name is in lower case. */
  | { readonly kind: 'header'; readonly name: string }
  /** The first messages of the conversation. */
  | { readonly kind: 'prefix' };

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
  readonly retries: RetriesConfig;
  /** Null where requests stick to no backend; an offered model may say otherwise. */
  readonly affinity: AffinityConfig | null;
  readonly queue: QueueConfig;
  /** Merged into those of each backend already. */
  readonly params: ParamsConfig;
  /** PEM texts; null listens in plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: Secret } | null;
  readonly drain: DrainConfig;
  /** Bearer key for `/analytics`; null lets in loopback clients whose request was not forwarded. */
  readonly adminKey: Secret | null;
  readonly analytics: AnalyticsConfig;
  readonly log: LogConfig;
}

/** What is logged. */
export interface LogConfig {
  readonly level: LogLevel;
  /** The bodies of each exchange too, without keys; bounded and redacted as captured ones are. */
  readonly hasBodies: boolean;
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

export interface RetriesConfig {
  /** Most repeats of one request after its first attempt; 0 never repeats. */
  readonly attempts: number;
  /** Most repeats as a share of recent requests, 0 to 1. */
  readonly budget: number;
}

/** Where requests wait while every backend that could serve them is at its `maxInFlight`. */
export interface QueueConfig {
  /** Most requests that wait; 0 turns waiting off. */
  readonly max: number;
  /** Longest wait in milliseconds; above 0 where `max` is. */
  readonly timeoutMs: number;
}

export interface DrainConfig {
  /** After SIGTERM readiness is 503 while requests are still served, this long. */
  readonly delayMs: number;
  /** Longest wait for running exchanges after that. */
  readonly deadlineMs: number;
}

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
