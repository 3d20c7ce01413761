import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import { type Expression, ExpressionError, isTemplate, parseTemplate } from './expression.ts';

/** Stands for a value that is known only when a resource has been made. Compared by identity. */
export const UNKNOWN: JsonObject = Object.freeze({ '(known after apply)': true });

/** What references may be resolved to while a stack is planned or applied. */
export interface Scope {
  /** The absolute directory of the stack: `path.module`. */
  readonly directory: string;
  /**
   * The value that a root such as `aws_sqs_queue.enrich` or `local.name` names, or `UNKNOWN`.
   *
   * @throws ExpressionError when there is none
   */
  lookUp(root: string): JsonValue;
  /** What is known of a root whose attributes are not known yet: its arguments. */
  knownOf?(root: string): JsonObject | undefined;
}

type Call = (scope: Scope, operand: JsonValue) => JsonValue;

/** The functions that are run, each of one argument. */
const FUNCTIONS: Readonly<Record<string, Call>> = {
  file: (scope, path) => read(scope, path).toString('utf8'),
  filebase64sha256: (scope, path) => createHash('sha256').update(read(scope, path)).digest('base64'),
  filesha256: (scope, path) => createHash('sha256').update(read(scope, path)).digest('hex'),
  jsonencode: (_scope, value) => JSON.stringify(value),
  tostring: (_scope, value) => String(value),
};

/**
 * Evaluates all strings in a value of a stack. A string that is one interpolation becomes what it names,
 * whatever its type; otherwise the parts are joined as text.
 *
 * @returns the value; what depends on something unknown is `UNKNOWN`
 * @throws ExpressionError naming what cannot be resolved
 */
export function evaluate(value: JsonValue, scope: Scope): JsonValue {
  if (typeof value === 'string') return isTemplate(value) ? evaluateText(value, scope) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => evaluate(item, scope));
  const members: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined && member !== null) members[name] = evaluate(member, scope);
  }
  return members;
}

/** True when a value is unknown or holds something that is. */
export function hasUnknown(value: JsonValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => hasUnknown(member));
}

function evaluateText(source: string, scope: Scope): JsonValue {
  const parts = parseTemplate(source);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return evaluateExpression(only, scope);
  let text = '';
  for (const part of parts) {
    const value = evaluateExpression(part, scope);
    if (hasUnknown(value)) return UNKNOWN;
    if (typeof value === 'object') {
      throw new ExpressionError(`"${source}" puts a value into text that is no string, number or boolean`);
    }
    text += String(value);
  }
  return text;
}

function evaluateExpression(expression: Expression, scope: Scope): JsonValue {
  switch (expression.kind) {
    case 'text':
      return expression.text;
    case 'call':
      return evaluateCall(expression, scope);
    case 'reference':
      return evaluateReference(expression.root, expression.path, scope);
  }
}

function evaluateCall(expression: Expression & { kind: 'call' }, scope: Scope): JsonValue {
  const run = Object.hasOwn(FUNCTIONS, expression.name) ? FUNCTIONS[expression.name] : undefined;
  const [operand] = expression.arguments;
  if (run === undefined || operand === undefined || expression.arguments.length !== 1) {
    throw new ExpressionError(`the function ${expression.name}(…) is not run`);
  }
  const value = evaluateExpression(operand, scope);
  return hasUnknown(value) ? UNKNOWN : run(scope, value);
}

function evaluateReference(root: string, path: readonly (string | number)[], scope: Scope): JsonValue {
  if (root === 'path.module' || root === 'path.root' || root === 'path.cwd') return scope.directory;
  let value = scope.lookUp(root);
  if (value === UNKNOWN) {
    const [first] = path;
    const known = scope.knownOf?.(root)?.[String(first)];
    if (known === undefined) return UNKNOWN;
    value = { [String(first)]: known };
  }
  const walked = [root];
  for (const segment of path) {
    if (value === UNKNOWN) return UNKNOWN;
    const next = step(value, segment);
    if (next === undefined) throw new ExpressionError(`${walked.join('.')} has no attribute "${segment}"`);
    walked.push(String(segment));
    value = next;
  }
  return value;
}

function step(value: JsonValue, segment: string | number): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof segment === 'string') {
    return Array.isArray(value)
      ? undefined
      : (Object.entries(value).find(([name]) => name === segment)?.[1] ?? undefined);
  }
  if (Array.isArray(value)) return value[segment];
  // A block that may stand only once is written as an object, but referred to as the first of a list.
  return segment === 0 ? value : undefined;
}

function read(scope: Scope, path: JsonValue): Buffer {
  if (typeof path !== 'string') throw new ExpressionError('a file function wants a path');
  try {
    return readFileSync(resolve(scope.directory, path));
  } catch (error) {
    throw new ExpressionError(`the file ${path} cannot be read`, { cause: error });
  }
}
