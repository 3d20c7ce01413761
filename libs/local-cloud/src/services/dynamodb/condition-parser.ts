import { ExpressionReader } from './expression-reader.ts';
import type { Comparator, Condition, ExpressionName, Operand, Parsed, Path } from './expression-syntax.ts';

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** What a part of a condition turned out to be; only the grammar above it knows which one is allowed. */
type Part =
  | { readonly is: 'condition'; readonly condition: Condition; readonly inParentheses: boolean }
  | { readonly is: 'operand'; readonly operand: Operand; readonly inParentheses: boolean };

/**
 * Parses a condition, filter or key condition.
 *
 * @throws AwsError ValidationException naming the token that does not fit
 */
export function parseCondition(kind: ExpressionName, text: string): Parsed<Condition> {
  const reader = new ExpressionReader(kind, text);
  const tree = conditionOf(reader, disjunction(reader));
  reader.expectEnd();
  return { tree, names: [...reader.names], values: [...reader.values] };
}

function conditionOf(reader: ExpressionReader, part: Part): Condition {
  if (part.is !== 'condition') throw reader.syntaxError();
  return part.condition;
}

function operandOf(reader: ExpressionReader, part: Part): Operand {
  if (part.is !== 'operand') throw reader.syntaxError();
  return part.operand;
}

function found(condition: Condition): Part {
  return { is: 'condition', condition, inParentheses: false };
}

function disjunction(reader: ExpressionReader): Part {
  let left = conjunction(reader);
  while (reader.accept('OR')) {
    const right = conditionOf(reader, conjunction(reader));
    left = found({ kind: 'or', left: conditionOf(reader, left), right });
  }
  return left;
}

function conjunction(reader: ExpressionReader): Part {
  let left = negation(reader);
  while (reader.accept('AND')) {
    const right = conditionOf(reader, negation(reader));
    left = found({ kind: 'and', left: conditionOf(reader, left), right });
  }
  return left;
}

function negation(reader: ExpressionReader): Part {
  if (!reader.accept('NOT')) return comparison(reader);
  return found({ kind: 'not', of: conditionOf(reader, negation(reader)) });
}

function comparison(reader: ExpressionReader): Part {
  const left = primary(reader);
  if (left.is === 'condition') return left;
  if (COMPARATORS.has(reader.peek())) {
    const operator = reader.take() as Comparator;
    return found({
      kind: 'compare',
      operator,
      left: left.operand,
      right: operandOf(reader, primary(reader)),
    });
  }
  if (reader.accept('BETWEEN')) {
    const low = operandOf(reader, primary(reader));
    reader.expect('AND');
    return found({ kind: 'between', of: left.operand, low, high: operandOf(reader, primary(reader)) });
  }
  if (reader.accept('IN')) {
    reader.expect('(');
    const among = [operandOf(reader, primary(reader))];
    while (reader.accept(',')) among.push(operandOf(reader, primary(reader)));
    reader.expect(')');
    return found({ kind: 'in', of: left.operand, among });
  }
  return left;
}

function primary(reader: ExpressionReader): Part {
  if (reader.accept('(')) {
    const part = disjunction(reader);
    reader.expect(')');
    if (part.inParentheses) throw reader.error('The expression has redundant parentheses;');
    return { ...part, inParentheses: true };
  }
  if (reader.peek(1) === '(' && /^[A-Za-z_]/.test(reader.peek())) return call(reader);
  return { is: 'operand', operand: operand(reader), inParentheses: false };
}

function operand(reader: ExpressionReader): Operand {
  if (reader.peek().startsWith(':')) return { kind: 'value', name: reader.valueName() };
  return { kind: 'path', path: reader.path() };
}

function call(reader: ExpressionReader): Part {
  const name = reader.take();
  reader.expect('(');
  const operands = [operandOf(reader, primary(reader))];
  while (reader.accept(',')) operands.push(operandOf(reader, primary(reader)));
  reader.expect(')');
  const [first, second] = operands;
  if (first === undefined) throw reader.syntaxError();
  switch (name) {
    case 'size':
      checkCount(reader, name, operands.length, 1);
      return { is: 'operand', operand: { kind: 'size', of: first }, inParentheses: false };
    case 'attribute_exists':
    case 'attribute_not_exists':
      checkCount(reader, name, operands.length, 1);
      return found({
        kind: name === 'attribute_exists' ? 'exists' : 'not-exists',
        path: pathOf(reader, name, first),
      });
    case 'attribute_type':
    case 'begins_with':
    case 'contains':
      checkCount(reader, name, operands.length, 2);
      if (second === undefined) throw reader.syntaxError();
      if (name === 'attribute_type') {
        return found({ kind: 'type', path: pathOf(reader, name, first), type: second });
      }
      return found({ kind: name === 'contains' ? 'contains' : 'begins-with', of: first, with: second });
    default:
      throw reader.error(`Invalid function name; function: ${name}`);
  }
}

function checkCount(reader: ExpressionReader, name: string, count: number, expected: number): void {
  if (count === expected) return;
  throw reader.error(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );
}

function pathOf(reader: ExpressionReader, name: string, operand: Operand): Path {
  if (operand.kind === 'path') return operand.path;
  throw reader.error(`Operator or function requires a document path; operator or function: ${name}`);
}
