/**
 * What a request is for, as metrics and records tell it: the known families of the OpenAI API, so
 * that no client can make up a label by asking for odd paths.
 */
const ENDPOINTS = [
  'assistants',
  'audio',
  'batches',
  'chat',
  'completions',
  'containers',
  'conversations',
  'embeddings',
  'evals',
  'files',
  'fine_tuning',
  'images',
  'messages',
  'models',
  'moderations',
  'realtime',
  'rerank',
  'responses',
  'threads',
  'tokenize',
  'uploads',
  'vector_stores',
] as const;

/** A known family, or `other`. */
export type Endpoint = (typeof ENDPOINTS)[number] | 'other';

const BY_SEGMENT: ReadonlyMap<string, Endpoint> = new Map(
  ENDPOINTS.map((endpoint) => [endpoint, endpoint]),
);

const VERSION_PREFIX = '/v1/';

/** What nearly every request asks for, told by one look. */
const BY_PATH: ReadonlyMap<string, Endpoint> = new Map([
  ['/v1/chat/completions', 'chat'],
  ['/chat/completions', 'chat'],
  ...ENDPOINTS.map((endpoint): [string, Endpoint] => [`${VERSION_PREFIX}${endpoint}`, endpoint]),
]);

/**
 * Tells the family of a request path (without its query) by its first segment after `/v1/`, the
 * version being optional: `/v1/chat/completions` and `/chat/completions` are both `chat`.
 */
export function endpointOf(path: string): Endpoint {
  const known = BY_PATH.get(path);
  if (known !== undefined) return known;
  const start = path.startsWith(VERSION_PREFIX) ? VERSION_PREFIX.length : 1;
  const slash = path.indexOf('/', start);
  const segment = path.slice(start, slash === -1 ? undefined : slash);
  return BY_SEGMENT.get(segment) ?? 'other';
}
