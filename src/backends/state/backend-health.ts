/** What the latest probe of a backend found. */
export type BackendHealth =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'up';
      /** How long the probe took, in milliseconds. */
      readonly latencyMs: number;
    }
  | {
      readonly status: 'down';
      readonly latencyMs: number;
      /** Why, in words; holds no secret. */
      readonly lastError: string;
    };

/** What a probe found that has come back. */
export type ProbeFinding = Exclude<BackendHealth, { readonly status: 'unknown' }>;

/** Not judged yet: the first probe has not come back. */
export const UNKNOWN: BackendHealth = { status: 'unknown' };
