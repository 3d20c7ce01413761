import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject } from './json.ts';
import { PathSyntaxError } from './json-path-syntax.ts';
import { compilePath, type Expression } from './path.ts';
import { RuntimeFault } from './states-error.ts';
import type { Surroundings } from './surroundings.ts';
import { parseTimestamp } from './timestamp.ts';
import { compileWildcard } from './wildcard.ts';

/** Says whether a Choice rule holds. */
export type ChoiceRule = (input: JsonValue, around: Surroundings) => boolean;

/** What a value is compared as; undefined says that it is not of that type, and then nothing matches. */
type Reading = (value: JsonValue) => string | number | boolean | undefined;

const READINGS: Readonly<Record<string, Reading>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Timestamp: (value) => (typeof value === 'string' ? parseTimestamp(value) : undefined),
};

type Order = (a: string | number | boolean, b: string | number | boolean) => boolean;

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  GreaterThan: (a, b) => a > b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThanEquals: (a, b) => a >= b,
};

const TYPE_TESTS: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && parseTimestamp(value) !== undefined,
};

const COMPARISON =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;
/** Members of a rule that say something else than what it tests. */
const NOT_TESTS: ReadonlySet<string> = new Set(['Variable', 'Next', 'Assign', 'Comment']);

/**
 * Compiles a rule of a Choice state.
 *
 * @throws PathSyntaxError saying what of the rule cannot be read
 */
export function compileChoiceRule(rule: JsonObject): ChoiceRule {
  const operators = Object.keys(rule).filter((name) => !NOT_TESTS.has(name));
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    throw new PathSyntaxError(`a choice rule needs exactly one operator, not '${operators.join("', '")}'`);
  }
  const operand = rule[operator] ?? null;
  if (operator === 'And' || operator === 'Or') {
    const rules = nested(operator, operand);
    return operator === 'And'
      ? (input, around) => rules.every((holds) => holds(input, around))
      : (input, around) => rules.some((holds) => holds(input, around));
  }
  if (operator === 'Not') {
    const [holds] = nested(operator, [operand]);
    return (input, around) => holds?.(input, around) === false;
  }
  const variable = rule['Variable'];
  if (typeof variable !== 'string') throw new PathSyntaxError('a choice rule needs a Variable');
  return compileTest(operator, operand, variable);
}

function nested(operator: string, operand: JsonValue): readonly ChoiceRule[] {
  if (!isList(operand) || operand.length === 0)
    throw new PathSyntaxError(`${operator} needs a list of rules`);
  return operand.map((rule) => {
    if (!isObject(rule)) throw new PathSyntaxError(`${operator} needs rules`);
    return compileChoiceRule(rule);
  });
}

function compileTest(operator: string, operand: JsonValue, variable: string): ChoiceRule {
  const read = compilePath(variable);
  if (operator === 'IsPresent') {
    return (input, around) => (read(input, around) !== undefined) === operand;
  }
  const value = required(read, variable);
  const test = Object.hasOwn(TYPE_TESTS, operator) ? TYPE_TESTS[operator] : undefined;
  if (test !== undefined) return (input, around) => test(value(input, around)) === operand;
  if (operator === 'StringMatches') {
    if (typeof operand !== 'string') throw new PathSyntaxError('StringMatches needs a string');
    const matches = compileWildcard(operand);
    return (input, around) => {
      const text = value(input, around);
      return typeof text === 'string' && matches(text);
    };
  }
  return compileComparison(operator, operand, value);
}

function compileComparison(operator: string, operand: JsonValue, value: RequiredValue): ChoiceRule {
  const [, type = '', order = '', path] = COMPARISON.exec(operator) ?? [];
  const reading = READINGS[type];
  const compare = ORDERS[order];
  if (reading === undefined || compare === undefined || (type === 'Boolean' && order !== 'Equals')) {
    throw new PathSyntaxError(`'${operator}' is not an operator of choice rules`);
  }
  let other: (input: JsonValue, around: Surroundings) => ReturnType<Reading>;
  if (path === undefined) {
    const fixed = reading(operand);
    if (fixed === undefined)
      throw new PathSyntaxError(`${operator} cannot compare with ${JSON.stringify(operand)}`);
    other = () => fixed;
  } else {
    if (typeof operand !== 'string') throw new PathSyntaxError(`${operator} needs a path`);
    const found = required(compilePath(operand), operand);
    other = (input, around) => reading(found(input, around));
  }
  return (input, around) => {
    const left = reading(value(input, around));
    const right = other(input, around);
    return left !== undefined && right !== undefined && compare(left, right);
  };
}

type RequiredValue = (input: JsonValue, around: Surroundings) => JsonValue;

function required(read: Expression, path: string): RequiredValue {
  return (input, around) => {
    const value = read(input, around);
    if (value !== undefined) return value;
    throw new RuntimeFault(
      `Invalid path '${path}': The choice state's condition path references an invalid value.`,
    );
  };
}
