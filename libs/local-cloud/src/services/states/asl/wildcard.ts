/**
 * Compiles the pattern of StringMatches: `*` stands for any characters, a backslash makes the next character
 * literal.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const source = pattern.replace(/\\(.)|\*|[\s\S]/g, (character, escaped: string | undefined) => {
    if (escaped !== undefined) return literal(escaped);
    return character === '*' ? '[\\s\\S]*' : literal(character);
  });
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
