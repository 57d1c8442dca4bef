import { type Secret } from '../secret.js';
import { type AffinityConfig } from './affinity.js';
import { type AnalyticsConfig } from './analytics-config.js';
import { type ParamsConfig } from './params-config.js';

/** What holds for all backends. */
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

/** From the most severe lines alone to all of them; `silent` writes none. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Bounds on what clients send, and on how slowly they take. */
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
  /** Longest wait for a client that takes no byte of a reply that waits for it; 0 waits on. */
  readonly stalledReaderMs: number;
}

/** How often a request is sent once more. */
export interface RetriesConfig {
  /** Most repeats of one request after its first attempt; 0 never repeats. */
  readonly maxRepeats: number;
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

/** How the process stops. */
export interface DrainConfig {
  /** After SIGTERM readiness is 503 while requests are still served, this long. */
  readonly delayMs: number;
  /** Longest wait for running exchanges after that. */
  readonly deadlineMs: number;
}
