import { type AttributeValue, base64Length, type Item, typeOf } from './attribute-value.ts';
import { equalValues, orderValues } from './compare-values.ts';
import { validationError } from './dynamodb-error.ts';
import type { Comparator, Condition, Operand } from './expression-syntax.ts';
import type { Placeholders } from './placeholders.ts';

/**
 * Decides a condition or filter for an item, or for no item.
 *
 * @throws AwsError ValidationException when a literal operand has a type that the operator does not take
 */
export function holds(condition: Condition, item: Item | undefined, placeholders: Placeholders): boolean {
  const read = (operand: Operand) => operandValue(operand, item, placeholders);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, placeholders) && holds(condition.right, item, placeholders);
    case 'or':
      return holds(condition.left, item, placeholders) || holds(condition.right, item, placeholders);
    case 'not':
      return !holds(condition.of, item, placeholders);
    case 'exists':
      return placeholders.lookUp(item, condition.path) !== undefined;
    case 'not-exists':
      return placeholders.lookUp(item, condition.path) === undefined;
    case 'compare':
      return compares(condition.operator, read(condition.left), read(condition.right), condition);
    case 'between':
      return isBetween(read(condition.of), read(condition.low), read(condition.high));
    case 'in': {
      const value = read(condition.of);
      return value !== undefined && condition.among.some((other) => isSame(value, read(other)));
    }
    case 'type': {
      const type = read(condition.type)?.S;
      const value = placeholders.lookUp(item, condition.path);
      return value !== undefined && typeOf(value) === type;
    }
    case 'begins-with':
      return beginsWith(read(condition.of), read(condition.with), condition.with);
    case 'contains':
      return contains(read(condition.of), read(condition.with));
  }
}

function operandValue(
  operand: Operand,
  item: Item | undefined,
  placeholders: Placeholders,
): AttributeValue | undefined {
  switch (operand.kind) {
    case 'path':
      return placeholders.lookUp(item, operand.path);
    case 'value':
      return placeholders.value(operand.name);
    case 'size':
      return sizeOf(operandValue(operand.of, item, placeholders));
  }
}

/** The `size` function: characters of a string, bytes of a binary, elements of a set, list or map. */
function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  if (value.S !== undefined) return { N: String(value.S.length) };
  if (value.B !== undefined) return { N: String(base64Length(value.B)) };
  const elements = value.SS ?? value.NS ?? value.BS ?? value.L;
  if (elements !== undefined) return { N: String(elements.length) };
  return value.M === undefined ? undefined : { N: String(Object.keys(value.M).length) };
}

function isSame(left: AttributeValue, right: AttributeValue | undefined): boolean {
  return right !== undefined && equalValues(left, right);
}

function compares(
  operator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
  condition: Condition & { readonly kind: 'compare' },
): boolean {
  if (operator === '=') return left !== undefined && isSame(left, right);
  // An attribute that is not there differs from every value.
  if (operator === '<>') return left === undefined || !isSame(left, right);
  checkOrdered(operator, condition.left, left);
  checkOrdered(operator, condition.right, right);
  const order = left === undefined || right === undefined ? undefined : orderValues(left, right);
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function checkOrdered(operator: string, operand: Operand, value: AttributeValue | undefined): void {
  if (operand.kind !== 'value' || value === undefined) return;
  const type = typeOf(value);
  if (type === 'S' || type === 'N' || type === 'B') return;
  throw validationError(
    `Invalid ConditionExpression: Incorrect operand type for operator or function; operator: ${operator}, operand type: ${type}`,
  );
}

function isBetween(
  value: AttributeValue | undefined,
  low: AttributeValue | undefined,
  high: AttributeValue | undefined,
): boolean {
  if (value === undefined || low === undefined || high === undefined) return false;
  const fromLow = orderValues(value, low);
  const toHigh = orderValues(value, high);
  return fromLow !== undefined && toHigh !== undefined && fromLow >= 0 && toHigh <= 0;
}

function beginsWith(
  value: AttributeValue | undefined,
  prefix: AttributeValue | undefined,
  operand: Operand,
): boolean {
  if (prefix !== undefined && operand.kind === 'value' && prefix.S === undefined && prefix.B === undefined) {
    throw validationError(
      `Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: ${typeOf(prefix)}`,
    );
  }
  if (value?.S !== undefined && prefix?.S !== undefined) return value.S.startsWith(prefix.S);
  if (value?.B === undefined || prefix?.B === undefined) return false;
  const start = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, start.length).equals(start);
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if (value.L !== undefined) return value.L.some((element) => equalValues(element, part));
  if (part.S !== undefined) return (value.S ?? value.SS)?.includes(part.S) ?? false;
  if (part.N !== undefined) return value.NS?.includes(part.N) ?? false;
  if (part.B === undefined) return false;
  if (value.BS !== undefined) return value.BS.includes(part.B);
  return value.B !== undefined && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
}
