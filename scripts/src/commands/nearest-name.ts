/** How many edits a name may be away to be worth a suggestion, as a share of its length. */
const EDITS_SHARE_MAX = 0.4;

/** The name that is fewest edits away from a text, or undefined when none is near. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, edits: editDistance(text, name) }))
    .sort((a, b) => a.edits - b.edits);
  if (best === undefined || best.edits > Math.max(text.length, best.name.length) * EDITS_SHARE_MAX)
    return undefined;
  return best.name;
}

/** How many insertions, removals and replacements turn one text into another (Levenshtein). */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
