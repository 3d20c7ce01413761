import { invalidPattern } from './pattern-json.ts';

/**
 * Compiles a wildcard: `*` stands for any characters, `\*` and `\\` for themselves.
 *
 * @throws AwsError InvalidEventPatternException for `**` or another escape (EventBridge, "Matching using wildcards")
 */
export function compileWildcard(text: string): (value: string) => boolean {
  const parts: string[] = [''];
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === '\\') {
      const escaped = text.charAt(i + 1);
      if (escaped !== '*' && escaped !== '\\')
        throw invalidPattern(`Invalid escape character at pos ${i + 1}`);
      parts.push((parts.pop() ?? '') + escaped);
      i += 1;
    } else if (character === '*') {
      if (text.charAt(i + 1) === '*') {
        throw invalidPattern(`Consecutive wildcard characters at pos ${i + 1}`);
      }
      parts.push('');
    } else {
      parts.push((parts.pop() ?? '') + character);
    }
  }
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  if (parts.length === 1) return (value) => value === first;
  const middle = parts.slice(1, -1);
  return (value) => {
    if (value.length < first.length + last.length) return false;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let at = first.length;
    for (const part of middle) {
      // The leftmost place leaves the most room for the parts that follow, so no other need be tried.
      const found = value.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
