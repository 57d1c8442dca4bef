/** What is wrong with the URL of a PostgreSQL database; null when nothing is. Never names the value. */
export function databaseUrlProblem(text: string): string | null {
  const protocol = URL.parse(text)?.protocol;
  return protocol === 'postgres:' || protocol === 'postgresql:'
    ? null
    : 'must be a URL such as postgres://user:password@host/database';
}
