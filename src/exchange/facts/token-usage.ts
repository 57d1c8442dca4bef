/** Where the number of tokens comes from: the backend's word, our own count, or nowhere. */
export type UsageSource = 'reported' | 'estimated' | 'none';

/** What an exchange used, in tokens; null where nobody knows. */
export interface TokenUsage {
  /** Of the request, those read from a cache included. */
  readonly promptTokens: number | null;
  /** Of the reply, its reasoning included. */
  readonly completionTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly cachedTokens: number | null;
}
