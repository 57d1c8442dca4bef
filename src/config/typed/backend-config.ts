import { type Secret } from '../secret.js';
import { type ParamsConfig } from './params-config.js';
import { type ReasoningPolicy } from './reasoning-policy.js';
import { type TimeoutsConfig } from './timeouts-config.js';

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

/** How a backend is probed. */
export interface HealthProbeConfig {
  /** Appended to the backend's base path, `/models` by default. */
  readonly path: string;
  readonly intervalMs: number;
}
