import { type BackendConfig } from '../config/typed/backend-config.js';
import { type ParamsConfig } from '../config/typed/params-config.js';
import { type ReasoningPolicy } from '../config/typed/reasoning-policy.js';

/** The choice made for one attempt: which backend, as which model, read how. */
export interface Route {
  readonly backend: BackendConfig;
  /** The model the backend is asked for; null where the request names none. */
  readonly model: string | null;
  readonly reasoning: ReasoningPolicy;
  /** What is done to the JSON of the request; null leaves every byte of it. */
  readonly change: RequestChange | null;
}

/** A change to the JSON of a request. */
export interface RequestChange {
  /** Parameters, the model among them where it is replaced. */
  readonly params: ParamsConfig;
  /** Put at the end of the last user message of a chat request; null changes no message. */
  readonly appendToLastUserMessage: string | null;
}
