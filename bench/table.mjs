/**
 * @param {readonly import('./rows.mjs').Row[]} rows
 * @returns {string} a Markdown table, aligned for a terminal
 */
export function tableOf(rows) {
  const cells = [
    ['what', 'figure', 'budget', 'aim', ''],
    ...rows.map(({ what, figure, budget, aim, verdict }) => [what, figure, budget, aim, verdict]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
