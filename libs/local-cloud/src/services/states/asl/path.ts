import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { compileJsonPath } from './json-path.ts';
import { PathSyntaxError } from './json-path-syntax.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * A compiled path or intrinsic function call. It gives undefined when a definite path points to nothing;
 * whoever asked says so in the words that AWS has for that field.
 */
export type Expression = (input: JsonValue, around: Surroundings) => JsonValue | undefined;

const VARIABLE = /^\$([\p{L}_][\p{L}\p{N}_]*)/u;

/**
 * Compiles a path into the state's data (`$.a`), the context object (`$$.Execution.Id`) or a variable
 * (`$name.a`).
 *
 * @throws PathSyntaxError
 */
export function compilePath(text: string): Expression {
  if (text.startsWith('$$')) {
    const path = compileJsonPath(text.slice(2));
    return (_, around) => path.read(around.context());
  }
  const variable = VARIABLE.exec(text)?.[1];
  if (variable !== undefined) {
    const path = compileJsonPath(text.slice(1 + variable.length));
    return (_, around) => {
      const value = variableNamed(around.variables, variable);
      return value === undefined ? undefined : path.read(value);
    };
  }
  if (!text.startsWith('$')) throw new PathSyntaxError(`'${text}' does not begin with $`);
  const path = compileJsonPath(text.slice(1));
  return (input) => path.read(input);
}

function variableNamed(variables: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
