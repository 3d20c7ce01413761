/** The first column stands to the left, as names do; numbers stand to the right. */
const FIRST_TO_THE_LEFT: ReadonlySet<number> = new Set([0]);

/**
 * A table as text, two spaces between its columns.
 *
 * @param toTheLeft the columns, from 0, that stand to the left; all others stand to the right
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  toTheLeft: ReadonlySet<number> = FIRST_TO_THE_LEFT,
): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  return lines
    .map((cells) =>
      widths
        .map((width, column) => {
          const cell = cells[column] ?? '';
          return toTheLeft.has(column) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
