/** Endpoints whose replies may hold reasoning: chat completions, and their legacy form. */
export type CompletionEndpoint = 'chat' | 'legacy';

const ENDPOINTS: ReadonlyMap<string, CompletionEndpoint> = new Map([
  ['/v1/chat/completions', 'chat'],
  ['/chat/completions', 'chat'],
  ['/v1/completions', 'legacy'],
  ['/completions', 'legacy'],
]);

/** @returns null for any other path, which is none of this module's business */
export function completionEndpointOf(path: string): CompletionEndpoint | null {
  return ENDPOINTS.get(path) ?? null;
}
