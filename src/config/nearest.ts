// Longer names are no typing mistakes of a known one; the bound keeps the comparison cheap.
const MAX_COMPARED = 64;

/**
 * The candidate with the least edit distance from `name`, the first of equals;
 * null without candidates. Letter case counts as no difference.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const written = name.slice(0, MAX_COMPARED).toLowerCase();
  let best: string | null = null;
  let least = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(written, candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

// Levenshtein's distance, row by row (Wagner and Fischer, 1974).
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of Array.from(from).entries()) {
    const row = [index + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
