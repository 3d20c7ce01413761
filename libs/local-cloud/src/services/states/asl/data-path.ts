import type { JsonValue } from '../../../core/aws-error.ts';
import { parseSegments } from './json-path-syntax.ts';
import { compilePath } from './path.ts';
import { RuntimeFault } from './states-error.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads a part of a state's data that must be there. */
export type DataPath = (data: JsonValue, around: Surroundings) => JsonValue;

/**
 * Compiles an InputPath or OutputPath: null gives an empty object, `$` or nothing the data itself.
 *
 * @throws PathSyntaxError
 */
export function compileDataPath(path: string | null | undefined): DataPath {
  if (path === null) return () => ({});
  if (path === undefined || path === '$') return (data) => data;
  return compileRequiredPath(path);
}

/**
 * Compiles a path whose value must be there, for example an ItemsPath.
 *
 * @throws PathSyntaxError; what it gives throws RuntimeFault when there is no value
 */
export function compileRequiredPath(path: string): DataPath {
  const read = compilePath(path);
  return (data, around) => {
    const value = read(data, around);
    if (value !== undefined) return value;
    throw new RuntimeFault(`Invalid path '${path}' : No results for path: ${canonical(path)}`);
  };
}

/** A path as JSONPath libraries print it: `$.a[0]` as `$['a'][0]`. */
function canonical(path: string): string {
  const root = /^\$\$?[\p{L}_\p{N}]*/u.exec(path)?.[0] ?? '$';
  return (
    root +
    parseSegments(path.slice(root.length))
      .map((segment) => {
        if (segment.kind === 'member') return `['${segment.name}']`;
        return segment.kind === 'index' ? `[${segment.index}]` : '[…]';
      })
      .join('')
  );
}
