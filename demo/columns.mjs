const MIN_COLUMN = 24;
const MAX_COLUMN = 58;

/**
 * Colours for a terminal; plain text anywhere else.
 * @param {{ isTTY?: boolean }} stream
 */
export function paletteFor({ isTTY = false }) {
  const paint = (code) => (text) => (isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: paint(1), dim: paint(2), red: paint(31), green: paint(32) };
}

/**
 * How wide each of two columns may be.
 * @param {{ columns?: number }} stream 100 columns where it does not say
 */
export function columnWidth({ columns = 100 }) {
  return Math.min(Math.max(Math.floor((columns - 7) / 2), MIN_COLUMN), MAX_COLUMN);
}

/**
 * Two texts beside each other, each broken to its column.
 * @param {readonly string[]} left lines, of any length
 * @param {readonly string[]} right
 * @param {number} width of one column, in characters
 * @returns {string[]} lines to print
 */
export function besideEachOther(left, right, width) {
  const leftLines = left.flatMap((line) => wrap(line, width));
  const rightLines = right.flatMap((line) => wrap(line, width));
  const height = Math.max(leftLines.length, rightLines.length);
  return Array.from({ length: height }, (_, row) =>
    `  ${(leftLines[row] ?? '').padEnd(width)} │ ${rightLines[row] ?? ''}`.trimEnd(),
  );
}

// Breaks after a space where there is one, else in the middle of the markup.
function wrap(line, width) {
  const lines = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width - 1);
    const end = space > width / 2 ? space + 1 : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}
