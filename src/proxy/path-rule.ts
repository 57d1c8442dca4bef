const VERSION_PREFIX = '/v1/';

/** Unversioned OpenAI paths; what lies below them counts too. */
const KNOWN_PATHS = [
  '/chat/completions',
  '/completions',
  '/responses',
  '/embeddings',
  '/models',
  '/files',
  '/batches',
  '/moderations',
  '/messages',
  '/rerank',
  '/tokenize',
  '/realtime',
  '/uploads',
  '/vector_stores',
  '/fine_tuning',
  '/assistants',
  '/threads',
  '/conversations',
  '/containers',
  '/evals',
] as const;

/** Unversioned OpenAI folders, which are nothing by themselves. */
const KNOWN_FOLDERS = ['/audio/', '/images/'] as const;

/**
 * Where a client's path is on a backend: below the base path of its URL for versioned and for known
 * unversioned OpenAI paths, on its origin unchanged for anything else. Matched literally: an escaped
 * character is not the character.
 *
 * @param basePath - without a trailing slash, such as `/v1`.
 * @param path - begins with `/`, without a query.
 */
export function upstreamPath(basePath: string, path: string): string {
  if (path.startsWith(VERSION_PREFIX)) return basePath + path.slice(VERSION_PREFIX.length - 1);
  return isKnownPath(path) ? basePath + path : path;
}

function isKnownPath(path: string): boolean {
  return (
    KNOWN_PATHS.some((known) => path === known || path.startsWith(`${known}/`)) ||
    KNOWN_FOLDERS.some((folder) => path.startsWith(folder))
  );
}
