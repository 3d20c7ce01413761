import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject } from './json.ts';
import { PathSyntaxError, parseSegments } from './json-path-syntax.ts';
import { StatesError } from './states-error.ts';

/** Puts a result into the raw input of its state; neither is changed. */
export type ResultPath = (rawInput: JsonValue, result: JsonValue) => JsonValue;

/**
 * Compiles a ResultPath: a Reference Path (names and indexes only), null to drop the result, `$` or nothing
 * to put the result in the input's place.
 *
 * @throws PathSyntaxError
 */
export function compileResultPath(path: string | null | undefined): ResultPath {
  if (path === null) return (rawInput) => rawInput;
  if (path === undefined || path === '$') return (_, result) => result;
  if (!path.startsWith('$')) throw new PathSyntaxError(`'${path}' does not begin with $`);
  const keys = parseSegments(path.slice(1)).map((segment) => {
    if (segment.kind === 'member') return segment.name;
    if (segment.kind === 'index') return segment.index;
    throw new PathSyntaxError(`'${path}' is not a reference path`);
  });
  return (rawInput, result) => {
    const combined = place(rawInput, keys, 0, result);
    if (combined !== undefined) return combined;
    throw new StatesError(
      'States.ResultPathMatchFailure',
      `Unable to apply ReferencePath ${path} to input ${JSON.stringify(rawInput)}`,
    );
  };
}

/** Undefined when the path does not fit; members that are missing on the way are made. */
function place(
  target: JsonValue | undefined,
  keys: readonly (string | number)[],
  depth: number,
  result: JsonValue,
): JsonValue | undefined {
  const key = keys[depth];
  if (key === undefined) return result;
  if (typeof key === 'number') {
    if (!isList(target) || target[key] === undefined) return undefined;
    const item = place(target[key], keys, depth + 1, result);
    return item === undefined ? undefined : target.with(key, item);
  }
  const object: JsonObject | undefined = target === undefined ? {} : isObject(target) ? target : undefined;
  if (object === undefined) return undefined;
  const member = place(object[key], keys, depth + 1, result);
  return member === undefined ? undefined : { ...object, [key]: member };
}
