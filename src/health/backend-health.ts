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

/** Not judged yet: the first probe has not come back. */
export const UNKNOWN: BackendHealth = { status: 'unknown' };
