import { type BackendConfig, type ReasoningPolicy } from '../config/sluice-config.js';

/** The choice made for one attempt: which backend, as which model, read how. */
export interface Route {
  readonly backend: BackendConfig;
  /** The model the backend is asked for; null where the request names none. */
  readonly model: string | null;
  readonly reasoning: ReasoningPolicy;
}
