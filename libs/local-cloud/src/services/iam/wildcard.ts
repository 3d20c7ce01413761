/**
 * Compiles an IAM pattern: `*` is any text, `?` any one character, all else stands for itself.
 * Source: IAM User Guide, "IAM JSON policy elements: Resource", wildcards.
 */
export function wildcard(pattern: string, ignoreCase = false): (value: string) => boolean {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) {
    if (!ignoreCase) return (value) => value === pattern;
    const lower = pattern.toLowerCase();
    return (value) => value.toLowerCase() === lower;
  }
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
  return (value) => expression.test(value);
}
