/**
 * The seeds that a text names: `3`, `1-200` or `4,8,15`.
 *
 * @throws Error for anything else
 */
export function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    if (from === undefined || to === undefined || !Number.isInteger(from) || !Number.isInteger(to)) {
      throw new Error(`--seeds takes numbers and ranges, not "${text}"`);
    }
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
