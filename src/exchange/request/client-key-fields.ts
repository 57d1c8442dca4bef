/** Fields in which clients send their key: OpenAI's and nearly everyone's, Azure's, Anthropic's. */
export const CLIENT_KEY_FIELDS = ['authorization', 'api-key', 'x-api-key'] as const;
