import type { JsonValue } from '../../../core/aws-error.ts';
import { compileFormat } from './format.ts';
import { type Argument, type Call, parseCall, unescaped } from './intrinsic-syntax.ts';
import { INTRINSICS } from './intrinsics.ts';
import { PathSyntaxError } from './json-path-syntax.ts';
import { compilePath, type Expression } from './path.ts';
import { RuntimeFault, StatesError } from './states-error.ts';

/**
 * Compiles a call of an intrinsic function, its arguments and nested calls included.
 *
 * @throws PathSyntaxError when it cannot be read, names an unknown function or has a wrong number of arguments
 */
export function compileIntrinsic(text: string): Expression {
  return compileCall(parseCall(text), text);
}

function compileCall(call: Call, text: string): Expression {
  if (call.name === 'States.Format') return compileFormatCall(call, text);
  const intrinsic = INTRINSICS.get(call.name);
  if (intrinsic === undefined) throw new PathSyntaxError(`${call.name} is not an intrinsic function`);
  const count = call.arguments.length;
  if (count < intrinsic.arguments[0] || count > intrinsic.arguments[1]) {
    throw new PathSyntaxError(`${call.name} does not take ${count} arguments`);
  }
  const args = call.arguments.map((argument) => compileArgument(argument, text));
  return (input, around) => {
    const values = args.map((argument) => argument(input, around));
    return failingAs(text, () => intrinsic.apply(values, around.runtime));
  };
}

function compileFormatCall(call: Call, text: string): Expression {
  const [template, ...rest] = call.arguments;
  if (template === undefined) throw new PathSyntaxError('States.Format needs a template');
  const args = rest.map((argument) => compileArgument(argument, text));
  if (template.kind === 'text') {
    const format = compileFormat(template.written);
    return (input, around) => failingAs(text, () => format(args.map((argument) => argument(input, around))));
  }
  const written = compileArgument(template, text);
  return (input, around) => {
    const pattern = written(input, around);
    return failingAs(text, () => {
      if (typeof pattern !== 'string') throw new RuntimeFault('the template is not a string');
      return compileFormat(pattern)(args.map((argument) => argument(input, around)));
    });
  };
}

function compileArgument(
  argument: Argument,
  text: string,
): (...parameters: Parameters<Expression>) => JsonValue {
  if (argument.kind === 'value') return () => argument.value;
  if (argument.kind === 'text') {
    const value = unescaped(argument.written);
    return () => value;
  }
  const read = argument.kind === 'path' ? compilePath(argument.path) : compileCall(argument.call, text);
  const what = argument.kind === 'path' ? argument.path : argument.call.name;
  return (input, around) => {
    const value = read(input, around);
    if (value !== undefined) return value;
    throw new RuntimeFault(
      `The JSONPath '${what}' specified in the function '${text}' could not be found in the input '${JSON.stringify(input)}'`,
    );
  };
}

function failingAs(text: string, apply: () => JsonValue): JsonValue {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    throw new StatesError(
      'States.IntrinsicFailure',
      `The function '${text}' had the following error: ${error.message}`,
    );
  }
}
