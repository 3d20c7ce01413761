import type { JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject } from './json.ts';
import { RuntimeFault } from './states-error.ts';

/**
 * Compiles the template of `States.Format`: `{}` stands for the next argument, `\{`, `\}`, `\'` and `\\` for
 * the character itself.
 *
 * @returns a function that fills the template in and throws RuntimeFault when it has another number of places
 */
export function compileFormat(written: string): (args: readonly JsonValue[]) => string {
  const parts = [''];
  for (let at = 0; at < written.length; at += 1) {
    if (written.startsWith('{}', at)) {
      parts.push('');
      at += 1;
      continue;
    }
    if (written[at] === '\\') at += 1;
    parts[parts.length - 1] += written[at] ?? '';
  }
  const [first = '', ...rest] = parts;
  return (args) => {
    if (args.length !== rest.length) {
      throw new RuntimeFault(`the template has ${rest.length} places for ${args.length} arguments`);
    }
    let text = first;
    for (const [index, part] of rest.entries()) text += formatted(args[index] ?? null) + part;
    return text;
  };
}

/** A value as text: objects and lists as Java prints its maps and lists, for AWS's implementation is in Java. */
function formatted(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (isList(value)) return `[${value.map(formatted).join(', ')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${name}=${formatted(member ?? null)}`);
    return `{${members.join(', ')}}`;
  }
  return String(value);
}
