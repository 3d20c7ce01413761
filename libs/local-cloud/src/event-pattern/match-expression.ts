import { compileCidr } from './ip-range.ts';
import type { Leaf, LeafMatcher } from './leaf.ts';
import { comparableValue, compileNumeric } from './numeric-match.ts';
import {
  invalidPattern,
  isPatternObject,
  type PatternJson,
  PatternNumber,
  type PatternObject,
} from './pattern-json.ts';
import { compileWildcard } from './wildcard.ts';

/** Where a pattern is used; pipes and event source mappings know fewer operators than the bus. */
export type Dialect = 'bus' | 'pipe' | 'mapping';

/** What a match expression compiles to; `absent` is `{"exists": false}`, which no value can satisfy. */
export type MatchExpression = LeafMatcher | 'absent';

const ONE_KEY = 'Only one key allowed in match expression';
/** EventBridge, "Comparison operators for use in event patterns", column *Pipe support*. */
const BUS_ONLY_ANYTHING_BUT = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];
const BUS_ONLY = ['wildcard'];

/**
 * Compiles one `{operator: operand}` of a field's list.
 *
 * @throws AwsError InvalidEventPatternException with AWS's wording
 */
export function compileMatchExpression(expression: PatternObject, dialect: Dialect): MatchExpression {
  const [entry, ...others] = Object.entries(expression);
  if (entry === undefined) throw invalidPattern('Match expression name not found');
  const [operator, operand] = entry;
  if (dialect !== 'bus' && BUS_ONLY.includes(operator)) throw unsupported(operator);
  const compiled = compileOperator(operator, operand, dialect);
  if (others.length > 0) {
    // AWS's own wording: it says so of any operator that takes a list.
    const listed = operator === 'anything-but' || operator === 'numeric';
    throw invalidPattern(listed ? 'Too many elements in numeric expression' : ONE_KEY);
  }
  return compiled;
}

function compileOperator(operator: string, operand: PatternJson, dialect: Dialect): MatchExpression {
  switch (operator) {
    case 'exactly': {
      const text = textOf(operand, 'exact match pattern must be a string');
      return (leaf) => leaf === text;
    }
    case 'prefix':
      return compileAffix(operand, 'prefix');
    case 'suffix':
      return compileAffix(operand, 'suffix');
    case 'equals-ignore-case': {
      const text = fold(textOf(operand, 'equals-ignore-case match pattern must be a string'));
      return onText((value) => fold(value) === text);
    }
    case 'wildcard':
      return onText(compileWildcard(textOf(operand, 'wildcard match pattern must be a string')));
    case 'numeric':
      return compileNumeric(operand);
    case 'anything-but':
      return compileAnythingBut(operand, dialect);
    case 'cidr':
      return compileCidr(textOf(operand, 'prefix match pattern must be a string'));
    case 'exists':
      if (typeof operand !== 'boolean') {
        throw invalidPattern('exists match pattern must be either true or false.');
      }
      return operand ? () => true : 'absent';
    default:
      throw invalidPattern(`Unrecognized match type ${operator}`);
  }
}

function compileAffix(operand: PatternJson, kind: 'prefix' | 'suffix'): LeafMatcher {
  const message = `${kind} match pattern must be a string`;
  const test = (value: string, affix: string): boolean =>
    kind === 'prefix' ? value.startsWith(affix) : value.endsWith(affix);
  if (isPatternObject(operand)) {
    const [entry, ...others] = Object.entries(operand);
    if (entry === undefined || entry[0] !== 'equals-ignore-case') throw invalidPattern(message);
    const text = fold(textOf(entry[1], 'equals-ignore-case match pattern must be a string'));
    if (others.length > 0) throw invalidPattern(ONE_KEY);
    return onText((value) => test(fold(value), text));
  }
  const text = textOf(operand, message);
  return onText((value) => test(value, text));
}

function compileAnythingBut(operand: PatternJson, dialect: Dialect): LeafMatcher {
  if (isPatternObject(operand)) {
    const [entry, ...others] = Object.entries(operand);
    if (entry === undefined) throw invalidPattern('Anything-But expression name not found');
    if (dialect !== 'bus' && BUS_ONLY_ANYTHING_BUT.includes(entry[0])) {
      throw unsupported(`anything-but ${entry[0]}`);
    }
    const matches = compileExcluded(entry[0], entry[1]);
    if (others.length > 0) throw invalidPattern(ONE_KEY);
    return (leaf) => typeof leaf !== 'string' || !matches.some((excluded) => excluded(leaf));
  }
  const listed = Array.isArray(operand);
  const values = (listed ? operand : [operand]) as readonly PatternJson[];
  const excluded = new Set<Leaf>();
  let numbers = 0;
  for (const value of values) {
    if (value instanceof PatternNumber) {
      numbers += 1;
      excluded.add(comparableValue(value));
    } else if (typeof value === 'string') {
      excluded.add(value);
    } else if (listed) {
      throw invalidPattern('Inside anything but list, start|null|boolean is not supported.');
    } else {
      throw invalidPattern('Value of anything-but must be an array or single string/number value.');
    }
  }
  if (values.length === 0 || (numbers > 0 && numbers < values.length)) {
    throw invalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return (leaf) => !excluded.has(leaf);
}

/** The excluded values of `{"anything-but": {operator: text or list of texts}}`. */
function compileExcluded(operator: string, operand: PatternJson): ((value: string) => boolean)[] {
  const values = (Array.isArray(operand) ? operand : [operand]) as readonly PatternJson[];
  switch (operator) {
    case 'equals-ignore-case': {
      const listed =
        'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
      const texts = values.map((value) => fold(textOf(value, listed)));
      return texts.map((text) => (value) => fold(value) === text);
    }
    case 'wildcard': {
      const texts = values.map((value) => textOf(value, 'wildcard match pattern must be a string'));
      return texts.map(compileWildcard);
    }
    case 'prefix':
    case 'suffix': {
      if (isPatternObject(operand)) {
        throw invalidPattern('Value of anything-but must be an array or single string/number value.');
      }
      const texts = values.map((value) => textOf(value, 'prefix/suffix match pattern must be a string'));
      if (texts.includes('')) throw invalidPattern('Null prefix/suffix not allowed');
      return texts.map((text) =>
        operator === 'prefix' ? (value) => value.startsWith(text) : (value) => value.endsWith(text),
      );
    }
    default:
      throw invalidPattern(`Unsupported anything-but pattern: ${operator}`);
  }
}

function textOf(operand: PatternJson, message: string): string {
  if (typeof operand !== 'string') throw invalidPattern(message);
  return operand;
}

function onText(test: (value: string) => boolean): LeafMatcher {
  return (leaf) => typeof leaf === 'string' && test(leaf);
}

function fold(text: string): string {
  return text.toLowerCase();
}

function unsupported(operator: string): Error {
  return invalidPattern(`${operator} is supported by event buses only`);
}
