/**
 * Logic, comparison and presence, and `exceeds` for money (`money-comparison.ts`). No arithmetic: JSON Logic counts in
 * floats, which money must never meet.
 */
const OPERATIONS: ReadonlySet<string> = new Set([
  'var',
  'missing',
  'missing_some',
  'if',
  'and',
  'or',
  '!',
  '!!',
  '==',
  '===',
  '!=',
  '!==',
  'in',
  'some',
  'all',
  'none',
  '<',
  '<=',
  '>',
  '>=',
  'exceeds',
]);

/** What a path may be, as an outcome tells it (`schemas/shared/rule-outcome.v1.json`); empty is the element of a list. */
const PATH = /^[A-Za-z0-9_.]{0,80}$/;

/** Operations that order their operands. */
const ORDERINGS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/**
 * Says what is wrong with a JSON Logic condition, that the library would let pass until a transaction meets it:
 *
 * - an object with two members is no operation but a constant, which is always true;
 * - an operation that does not exist fails only when it is reached;
 * - ordering two texts compares letters, so that "9" is more than "10", and amounts are texts;
 * - a member whose name is computed could not be told as what the rule looked at.
 *
 * @returns undefined when nothing is wrong
 */
export function problemOf(condition: unknown): string | undefined {
  if (Array.isArray(condition)) return firstProblem(condition);
  if (typeof condition !== 'object' || condition === null) return undefined;
  const [operation, ...others] = Object.entries(condition);
  if (operation === undefined || others.length > 0)
    return 'has a condition that is not one operation with its operands';
  const [name, operands] = operation;
  if (!OPERATIONS.has(name)) return `uses the operation ${name}, which rules do not have`;
  const list: readonly unknown[] = Array.isArray(operands) ? operands : [operands];
  const ordersTexts =
    ORDERINGS.has(name) &&
    (list.some((operand) => typeof operand === 'string') ||
      !list.some((operand) => typeof operand === 'number'));
  if (name === 'var' && !(typeof list[0] === 'string' && PATH.test(list[0])))
    return 'looks at a member whose name is not a plain path';
  if (name === 'exceeds' && list.length !== 2) return 'has exceeds with other than two amounts of money';
  if (ordersTexts) return `orders by ${name} without a number to compare with`;
  return firstProblem(list);
}

function firstProblem(conditions: readonly unknown[]): string | undefined {
  for (const condition of conditions) {
    const problem = problemOf(condition);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
