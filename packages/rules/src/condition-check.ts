/** Logic, comparison and presence. No arithmetic: JSON Logic counts in floats, which money must never meet. */
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
]);

/** Operations that order their operands. */
const ORDERINGS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/**
 * Says what is wrong with a JSON Logic condition, that the library would let pass until a transaction meets it:
 *
 * - an object with two members is no operation but a constant, which is always true;
 * - an operation that does not exist fails only when it is reached;
 * - ordering two texts compares letters, so that "9" is more than "10", and amounts are texts.
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
