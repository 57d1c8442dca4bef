/** Where a request's fields are read. */
export interface HeaderSource {
  /** @param name - in lower case. */
  header(name: string): string | null;
}

/** RFC 6750 §2.1; the scheme is case-insensitive (RFC 9110 §11.1). */
const BEARER = /^bearer(?: +|$)/i;

/**
 * The key that a client sent: `Authorization` without `Bearer`, else `api-key` (Azure), else
 * `x-api-key` (Anthropic); null without one. To be hashed at once and kept nowhere.
 */
export function clientKeyOf(request: HeaderSource): string | null {
  const authorization = request.header('authorization');
  const key =
    authorization === null
      ? (request.header('api-key') ?? request.header('x-api-key'))
      : authorization.replace(BEARER, '');
  const trimmed = key?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
