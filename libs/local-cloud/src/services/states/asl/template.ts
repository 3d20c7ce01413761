import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { compileExpression, isIntrinsic } from './expression.ts';
import { isList, isObject } from './json.ts';
import { PathSyntaxError } from './json-path-syntax.ts';
import type { Expression } from './path.ts';
import { RuntimeFault } from './states-error.ts';
import type { Surroundings } from './surroundings.ts';

/** A compiled payload template (Parameters, ResultSelector, ItemSelector, Assign). */
export type Template = (input: JsonValue, around: Surroundings) => JsonValue;

/** Ends the name of a member whose value is an expression. */
const DYNAMIC_SUFFIX = '.$';

/**
 * Compiles a payload template. What holds no expression is given as it is, the same object every time:
 * JSON values are never changed in place.
 *
 * @throws PathSyntaxError naming the member whose expression cannot be read
 */
export function compileTemplate(template: JsonValue): Template {
  return compileNode(template) ?? (() => template);
}

/** Compiles what is dynamic; undefined says that the whole value is constant. */
function compileNode(value: JsonValue): Template | undefined {
  if (isList(value)) return compileList(value);
  return isObject(value) ? compileObject(value) : undefined;
}

function compileList(list: readonly JsonValue[]): Template | undefined {
  const nodes = list.map(compileNode);
  if (nodes.every((node) => node === undefined)) return undefined;
  const items = nodes.map((node, index) => node ?? constant(list[index] ?? null));
  return (input, around) => items.map((item) => item(input, around));
}

function compileObject(object: JsonObject): Template | undefined {
  const names: string[] = [];
  const members: Template[] = [];
  let dynamic = false;
  for (const [name, value = null] of Object.entries(object)) {
    if (name.endsWith(DYNAMIC_SUFFIX)) {
      dynamic = true;
      names.push(name.slice(0, -DYNAMIC_SUFFIX.length));
      members.push(compileMember(name, value));
    } else {
      const node = compileNode(value);
      if (node !== undefined) dynamic = true;
      names.push(name);
      members.push(node ?? constant(value));
    }
  }
  if (!dynamic) return undefined;
  return (input, around) => {
    const result: Record<string, JsonValue> = {};
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      const member = members[index];
      if (name !== undefined && member !== undefined) result[name] = member(input, around);
    }
    return result;
  };
}

function compileMember(name: string, value: JsonValue): Template {
  if (typeof value !== 'string') {
    throw new PathSyntaxError(
      `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`,
    );
  }
  let read: Expression;
  try {
    read = compileExpression(value);
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    throw new PathSyntaxError(
      `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call (${error.message})`,
    );
  }
  return (input, around) => {
    const found = read(input, around);
    if (found !== undefined) return found;
    throw new RuntimeFault(
      `The ${isIntrinsic(value) ? 'function' : 'JSONPath'} '${value}' specified for the field '${name}' could not be found in the input '${JSON.stringify(input)}'`,
    );
  };
}

function constant(value: JsonValue): Template {
  return () => value;
}
