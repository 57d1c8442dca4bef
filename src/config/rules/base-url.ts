/** Where a model server is: what remains of its base URL. */
export interface BaseUrl {
  /** Scheme, host and port, without a path. */
  readonly origin: string;
  /** Begins with a slash, does not end with one; `/v1` when the URL has no path. */
  readonly path: string;
}

/** What a text is as a base URL: one, or what is wrong with it. */
export type BaseUrlRead =
  | { readonly kind: 'url'; readonly url: BaseUrl }
  | { readonly kind: 'fault'; readonly problem: string };

/** What OpenAI-style servers call the root of their interface. */
const USUAL_PATH = '/v1';

// The URL parser drops tabs and newlines silently (WHATWG URL, basic URL parser, step 3).
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNPRINTABLE = /[\u0000-\u0020\u007f]/;

/**
 * Reads an OpenAI-style base URL. Only http and https, without credentials, query and fragment:
 * a key in a URL would end up in logs, and client paths are appended to it.
 */
export function readBaseUrl(text: string): BaseUrlRead {
  const url = UNPRINTABLE.test(text) ? null : URL.parse(text);
  if (url === null) return fault('must be a URL such as http://127.0.0.1:1234/v1');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return fault('must begin with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    return fault('must not hold credentials: set api_key or headers');
  }
  if (text.includes('?') || text.includes('#')) {
    return fault('must not have a query or a fragment');
  }
  const path = withoutTrailingSlashes(url.pathname);
  return { kind: 'url', url: { origin: url.origin, path: path === '' ? USUAL_PATH : path } };
}

// A pattern that ends in `/+$` takes O(n²) for slashes that are not at the end.
function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function fault(problem: string): BaseUrlRead {
  return { kind: 'fault', problem };
}
