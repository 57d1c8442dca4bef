import {
  type BackendConfig,
  type OfferedModel,
  type ParamsConfig,
  type ReasoningPolicy,
} from './sluice-config.js';

/**
 * How reasoning is read and written where a backend serves an offered model, null for a request
 * that asks for none of them. The same object every time, so that it can be the key of a WeakMap.
 */
export function policyFor(backend: BackendConfig, offered: OfferedModel | null): ReasoningPolicy {
  return offered?.servedOn.get(backend.name)?.reasoning ?? backend.reasoning;
}

/** What becomes of a request's parameters there; the same object every time. */
export function paramsFor(backend: BackendConfig, offered: OfferedModel | null): ParamsConfig {
  return offered?.servedOn.get(backend.name)?.params ?? backend.params;
}
