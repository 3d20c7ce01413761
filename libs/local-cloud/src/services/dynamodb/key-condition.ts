import { type AttributeValue, typeOf } from './attribute-value.ts';
import { orderValues } from './compare-values.ts';
import { validationError } from './dynamodb-error.ts';
import type { Condition, Operand } from './expression-syntax.ts';
import { type StoredKeyPart, storedKeyPart } from './item-key.ts';
import type { Placeholders } from './placeholders.ts';
import type { KeyAttribute, KeySchema } from './table-definition.ts';

/** A bound of the sort key, as SQL compares it. */
export interface RangeBound {
  readonly operator: '=' | '<' | '<=' | '>' | '>=';
  readonly value: StoredKeyPart;
}

/** What a Query looks for: one partition, and bounds of the sort key that all must hold. */
export interface KeyCondition {
  readonly hash: AttributeValue;
  readonly range: readonly RangeBound[];
}

/** One clause: an attribute with an operator and its values. */
interface Clause {
  readonly attribute: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'between' | 'begins-with';
  readonly values: readonly AttributeValue[];
}

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/**
 * Turns a parsed KeyConditionExpression into what to look for.
 *
 * @throws AwsError ValidationException when it does not fit the key of the table or index
 */
export function keyConditionFor(
  condition: Condition,
  schema: KeySchema,
  placeholders: Placeholders,
): KeyCondition {
  const clauses = clausesOf(condition, placeholders);
  const names = clauses.map((clause) => clause.attribute);
  if (new Set(names).size !== names.length) {
    throw invalid('KeyConditionExpressions must only contain one condition per key');
  }
  const hash = clauses.find((clause) => clause.attribute === schema.hash.name);
  if (hash === undefined)
    throw validationError(`Query condition missed key schema element: ${schema.hash.name}`);
  const hashValue = hash.values[0];
  if (hash.operator !== '=' || hashValue === undefined)
    throw validationError('Query key condition not supported');
  checkTypes(hash, schema.hash);
  const range = clauses.find((clause) => clause !== hash);
  if (range === undefined) return { hash: hashValue, range: [] };
  if (clauses.length > 2) throw validationError('Conditions can be of length 1 or 2 only');
  if (schema.range === undefined || range.attribute !== schema.range.name) {
    const missed = schema.range?.name;
    throw validationError(
      missed === undefined
        ? 'Query key condition not supported'
        : `Query condition missed key schema element: ${missed}`,
    );
  }
  checkTypes(range, schema.range);
  return { hash: hashValue, range: boundsOf(range) };
}

function invalid(message: string): Error {
  return validationError(`Invalid KeyConditionExpression: ${message}`);
}

function clausesOf(condition: Condition, placeholders: Placeholders): Clause[] {
  switch (condition.kind) {
    case 'and':
      return [...clausesOf(condition.left, placeholders), ...clausesOf(condition.right, placeholders)];
    case 'compare': {
      const { operator, left, right } = condition;
      if (operator === '<>') throw invalid('Invalid operator used in KeyConditionExpression: <>');
      if (left.kind === 'value') {
        return [clause(right, MIRRORED[operator], [left], placeholders)];
      }
      return [clause(left, operator, [right], placeholders)];
    }
    case 'between':
      return [clause(condition.of, 'between', [condition.low, condition.high], placeholders)];
    case 'begins-with':
      return [clause(condition.of, 'begins-with', [condition.with], placeholders)];
    default:
      throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.kind.toUpperCase()}`);
  }
}

function clause(
  of: Operand,
  operator: Clause['operator'],
  operands: readonly Operand[],
  placeholders: Placeholders,
): Clause {
  const [attribute, ...below] = of.kind === 'path' ? of.path : [];
  if (typeof attribute !== 'string') {
    throw invalid('Invalid condition in KeyConditionExpression: no key attribute specified');
  }
  if (below.length > 0) {
    throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  }
  const values = operands.map((operand) => {
    if (operand.kind === 'value') return placeholders.value(operand.name);
    throw invalid(
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    );
  });
  return { attribute: placeholders.name(attribute), operator, values };
}

function checkTypes(clause: Clause, attribute: KeyAttribute): void {
  for (const value of clause.values) {
    if (typeOf(value) !== attribute.type) {
      throw validationError(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    if (value.S === '' || value.B === '') {
      throw validationError(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${value.S === '' ? 'string' : 'binary'} value. Key: ${attribute.name}`,
      );
    }
  }
}

function boundsOf({ operator, values }: Clause): RangeBound[] {
  const [first, second] = values;
  if (first === undefined) throw new Error('a key condition has a value');
  if (operator === 'between' && second !== undefined) {
    if ((orderValues(first, second) ?? 0) > 0) {
      throw invalid('The BETWEEN operator requires upper bound to be greater than or equal to lower bound');
    }
    return [
      { operator: '>=', value: storedKeyPart(first) },
      { operator: '<=', value: storedKeyPart(second) },
    ];
  }
  if (operator !== 'begins-with') {
    return [{ operator: operator === 'between' ? '=' : operator, value: storedKeyPart(first) }];
  }
  if (first.N !== undefined) {
    throw invalid(
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    );
  }
  const from = storedKeyPart(first);
  const end = typeof from === 'string' ? afterText(from) : afterBytes(from);
  const start: RangeBound = { operator: '>=', value: from };
  return end === undefined ? [start] : [start, { operator: '<', value: end }];
}

/** The first text after all that begin with the prefix, in the order of code points. */
function afterText(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last >= 0x10ffff) continue;
    // Surrogates are no characters; the next one after D7FF is E000.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

function afterBytes(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}
