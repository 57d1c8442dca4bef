/** The ones that are fit; the list itself when all are, which is nearly always and costs no copy. */
export function narrowed<T>(all: readonly T[], isFit: (one: T) => boolean): readonly T[] {
  return all.every(isFit) ? all : all.filter(isFit);
}
