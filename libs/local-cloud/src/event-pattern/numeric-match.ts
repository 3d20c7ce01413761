import type { AwsError } from '../core/aws-error.ts';
import type { LeafMatcher } from './leaf.ts';
import { invalidPattern, type PatternJson, PatternNumber } from './pattern-json.ts';

const TOO_MANY = 'Too many elements in numeric expression';

/**
 * Compiles `{"numeric": [">", 0, "<=", 5]}`. Numbers compare by value, however they are written.
 *
 * @throws AwsError InvalidEventPatternException with event-ruler's wording
 */
export function compileNumeric(terms: PatternJson): LeafMatcher {
  if (!Array.isArray(terms)) throw invalidPattern('Value of numeric must be an array.');
  const [operator, operand, upper, top, ...rest] = terms as readonly PatternJson[];
  if (typeof operator !== 'string')
    throw invalidPattern(`Invalid member in numeric match: ${show(operator)}`);
  switch (operator) {
    case '=': {
      const value = comparable(operand, 'equals');
      if (terms.length > 2) throw tooMany();
      return (leaf) => leaf === value;
    }
    case '<':
    case '<=': {
      const value = comparable(operand, operator);
      if (terms.length > 2) throw tooMany();
      return operator === '<'
        ? (leaf) => typeof leaf === 'number' && leaf < value
        : (leaf) => typeof leaf === 'number' && leaf <= value;
    }
    case '>':
    case '>=': {
      const bottom = comparable(operand, operator);
      const above: (n: number) => boolean = operator === '>' ? (n) => n > bottom : (n) => n >= bottom;
      if (terms.length === 2) return (leaf) => typeof leaf === 'number' && above(leaf);
      if (typeof upper !== 'string') throw invalidPattern(`Bad value in numeric range: ${show(upper)}`);
      if (upper !== '<' && upper !== '<=') throw invalidPattern(`Bad numeric range operator: ${upper}`);
      const limit = comparable(top, upper);
      if (rest.length > 0) throw invalidPattern('Too many terms in numeric range expression');
      if (bottom > limit || (bottom === limit && (operator === '>' || upper === '<'))) {
        throw invalidPattern('Bottom must be less than top');
      }
      return upper === '<'
        ? (leaf) => typeof leaf === 'number' && above(leaf) && leaf < limit
        : (leaf) => typeof leaf === 'number' && above(leaf) && leaf <= limit;
    }
    default:
      throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  }
}

/** A number that can be compared: one that a double can hold, neither too large nor rounded away to nothing. */
export function comparableValue(number: PatternNumber): number {
  const vanished = number.value === 0 && /[1-9]/.test(number.source.replace(/[eE].*$/, ''));
  if (!Number.isFinite(number.value) || vanished) {
    throw invalidPattern(`Cannot compare number : ${number.source}`);
  }
  return number.value;
}

function comparable(term: PatternJson | undefined, name: string): number {
  if (!(term instanceof PatternNumber)) throw invalidPattern(`Value of ${name} must be numeric`);
  return comparableValue(term);
}

function tooMany(): AwsError {
  return invalidPattern(TOO_MANY);
}

function show(term: PatternJson | undefined): string {
  return term instanceof PatternNumber ? term.source : String(term);
}
