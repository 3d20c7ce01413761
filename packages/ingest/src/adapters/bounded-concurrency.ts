/**
 * Does something for each item, so many at a time. The first failure is thrown once those under way have ended,
 * so that nothing goes on behind the back of a function that has answered.
 */
export async function forEachConcurrently<Item>(
  items: readonly Item[],
  concurrency: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && failures.length === 0; item = waiting.shift())
      try {
        await act(item);
      } catch (error) {
        failures.push(error);
      }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, next));
  if (failures.length > 0) throw failures[0];
}

/** The items in runs of at most so many. */
export function inRunsOf<Item>(length: number, items: readonly Item[]): Item[][] {
  const runs: Item[][] = [];
  for (let start = 0; start < items.length; start += length) runs.push(items.slice(start, start + length));
  return runs;
}
