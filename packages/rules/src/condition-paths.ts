/** Operations whose second operand looks at an element of a list and not at the record. */
const OVER_ELEMENTS: ReadonlySet<string> = new Set(['some', 'all', 'none']);

/**
 * The members of the record that a condition looks at, as dotted paths, each once, in the order in which the condition
 * names them.
 *
 * @param condition one that `problemOf` finds nothing wrong with
 */
export function pathsIn(condition: unknown): readonly string[] {
  return [...new Set(namedIn(condition))];
}

function* namedIn(condition: unknown): Generator<string> {
  if (Array.isArray(condition)) for (const each of condition) yield* namedIn(each);
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return;
  for (const [operation, operands] of Object.entries(condition)) {
    const list: readonly unknown[] = Array.isArray(operands) ? operands : [operands];
    if (operation === 'var') yield String(list[0]);
    else if (operation === 'missing') yield* list.flat().map(String);
    else if (operation === 'missing_some') yield* list.slice(1).flat().map(String);
    else if (OVER_ELEMENTS.has(operation)) yield* namedIn(list[0]);
    else yield* namedIn(list);
  }
}
