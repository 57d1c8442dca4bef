import { type AffinityConfig } from './affinity.js';
import { type BackendConfig } from './backend-config.js';
import { type ParamsConfig } from './params-config.js';
import { type ReasoningPolicy } from './reasoning-policy.js';

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
 * How reasoning is read and written where a backend serves an offered model. The same object every
 * time, so that it can be the key of a WeakMap.
 *
 * @param offered - null for a request that asks for none of them.
 */
export function policyFor(backend: BackendConfig, offered: OfferedModel | null): ReasoningPolicy {
  return offered?.servedOn.get(backend.name)?.reasoning ?? backend.reasoning;
}

/** What becomes of a request's parameters there; the same object every time. */
export function paramsFor(backend: BackendConfig, offered: OfferedModel | null): ParamsConfig {
  return offered?.servedOn.get(backend.name)?.params ?? backend.params;
}
