/** Fields in which clients send their key: OpenAI's and nearly everyone's, Azure's, Anthropic's. */
export const CLIENT_KEY_FIELDS = ['authorization', 'api-key', 'x-api-key'] as const;

const NAMES: ReadonlySet<string> = new Set(CLIENT_KEY_FIELDS);

/** @param name - of a field, in lower case. */
export function holdsClientKey(name: string): boolean {
  return NAMES.has(name);
}
