/**
 * The `code` of what was thrown, by which Node, undici and the drivers of databases tell their errors
 * apart: `ENOENT`, `UND_ERR_SOCKET`, `57014`.
 *
 * @returns null where it has none, or one that is no text
 */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
