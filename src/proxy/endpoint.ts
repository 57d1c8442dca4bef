import { unversionedPath } from './path-rule.js';

/** What a path asks for, as far as it matters to how the request is carried. */
export type Endpoint = 'chat' | 'inference' | 'other';

/** Endpoints whose JSON names a model, but for chat completions. */
const INFERENCE_PATHS: ReadonlySet<string> = new Set([
  '/completions',
  '/responses',
  '/embeddings',
  '/moderations',
  '/messages',
  '/rerank',
  '/tokenize',
  '/images/generations',
  '/audio/speech',
]);

/** @param path - as the client wrote it, without a query. */
export function endpointOf(path: string): Endpoint {
  const endpoint = unversionedPath(path);
  if (endpoint === '/chat/completions') return 'chat';
  return INFERENCE_PATHS.has(endpoint) ? 'inference' : 'other';
}

const REPEATABLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Endpoints whose requests leave nothing behind. Others may store, cost twice, or belong to one place. */
const REPEATABLE_PATHS: ReadonlySet<string> = new Set([
  '/chat/completions',
  '/completions',
  '/embeddings',
  '/moderations',
  '/rerank',
  '/tokenize',
  '/messages',
]);

/** Whether a request does no harm when it is carried out twice. */
export function isRepeatable(method: string, path: string): boolean {
  if (REPEATABLE_METHODS.has(method)) return true;
  return method === 'POST' && REPEATABLE_PATHS.has(unversionedPath(path));
}
