/** What a section holds under a key; undefined where it has none, or is no section at all. */
export function keyOf(section: unknown, key: string): unknown {
  return typeof section === 'object' && section !== null
    ? Object.getOwnPropertyDescriptor(section, key)?.value
    : undefined;
}
