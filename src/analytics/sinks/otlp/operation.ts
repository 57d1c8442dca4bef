import { type Endpoint } from '../../../exchange/target/endpoint.js';

/** `gen_ai.operation.name` of the OpenTelemetry GenAI conventions; null where a model did nothing. */
export type GenAiOperation = 'chat' | 'text_completion' | 'embeddings' | 'generate_content';

const OPERATIONS: ReadonlyMap<Endpoint, GenAiOperation> = new Map([
  ['chat', 'chat'],
  ['responses', 'chat'],
  ['messages', 'chat'],
  ['completions', 'text_completion'],
  ['embeddings', 'embeddings'],
  ['images', 'generate_content'],
  ['audio', 'generate_content'],
]);

/** The operation of an endpoint. */
export function operationOf(endpoint: Endpoint): GenAiOperation | null {
  return OPERATIONS.get(endpoint) ?? null;
}

/**
 * `gen_ai.provider.name`: by the conventions the flavor of an API, which many others than its maker
 * speak.
 */
export function providerOf(endpoint: Endpoint): 'openai' | 'anthropic' {
  return endpoint === 'messages' ? 'anthropic' : 'openai';
}
