import type { JsonValue } from '../core/aws-error.ts';

/** What a `${…}` in a stack may be here: a reference with a path, or a call of a function that is run. */
export type Expression =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly root: string; readonly path: readonly (string | number)[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] };

/** An expression that the local cloud does not run; the message says which. */
export class ExpressionError extends Error {
  readonly code = 'ExpressionNotRun';
  readonly retryable = false;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*/;
const NUMBER = /^\d+/;
const QUOTED = /^"(?:[^"\\]|\\.)*"/;

/** How many segments name the thing itself, the rest being a path into it. */
const ROOT_SEGMENTS: Readonly<Record<string, number>> = { data: 3, local: 2, path: 2, var: 2 };
const RESOURCE_SEGMENTS = 2;

/**
 * Parses a string of a stack into literal text and expressions. `$${` and `%%{` stand for themselves.
 * Source: Terraform language, "Strings and templates" and "References to named values".
 *
 * @throws ExpressionError for an operator, a condition, a `for`, a splat, a directive, or what is malformed
 */
export function parseTemplate(source: string): readonly Expression[] {
  const parts: Expression[] = [];
  let text = '';
  let position = 0;
  while (position < source.length) {
    const rest = source.slice(position, position + 3);
    if (rest === '$${' || rest === '%%{') {
      text += rest.slice(1);
      position += 3;
    } else if (rest.startsWith('%{')) {
      throw new ExpressionError(`the template directive in "${source}" is not run`);
    } else if (rest.startsWith('${')) {
      const end = endOfInterpolation(source, position + 2);
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      parts.push(parseExpression(source.slice(position + 2, end).trim()));
      position = end + 1;
    } else {
      text += source[position];
      position += 1;
    }
  }
  if (text !== '' || parts.length === 0) parts.push({ kind: 'text', text });
  return parts;
}

/** True when a string has anything to evaluate or unescape. */
export function isTemplate(source: string): boolean {
  return source.includes('${') || source.includes('%{');
}

/** The resource, data source or value that a reference names, for example `data.aws_region.current`. */
export function splitReference(segments: readonly (string | number)[]): {
  root: string;
  path: readonly (string | number)[];
} {
  const count = ROOT_SEGMENTS[String(segments[0])] ?? RESOURCE_SEGMENTS;
  return { root: segments.slice(0, count).join('.'), path: segments.slice(count) };
}

/** All references in a value of a stack, in the order in which they stand. */
export function referencesIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') {
    return isTemplate(value) ? parseTemplate(value).flatMap(rootsOf) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member) => referencesIn(member));
}

function rootsOf(expression: Expression): string[] {
  if (expression.kind === 'reference') return [expression.root];
  return expression.kind === 'call' ? expression.arguments.flatMap(rootsOf) : [];
}

function endOfInterpolation(source: string, from: number): number {
  let depth = 0;
  for (let position = from; position < source.length; position += 1) {
    const character = source[position];
    if (character === '"') {
      const quoted = QUOTED.exec(source.slice(position));
      if (quoted === null) break;
      position += quoted[0].length - 1;
    } else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return position;
      depth -= 1;
    }
  }
  throw new ExpressionError(`"${source}" has an interpolation without an end`);
}

function parseExpression(source: string): Expression {
  const parsed = parseOperand(source);
  if (parsed.rest.trim() !== '') {
    throw new ExpressionError(`the expression \${${source}} is not run: "${parsed.rest.trim()}"`);
  }
  return parsed.expression;
}

function parseOperand(source: string): { expression: Expression; rest: string } {
  const quoted = QUOTED.exec(source);
  if (quoted !== null) {
    const text: unknown = JSON.parse(quoted[0]);
    return { expression: { kind: 'text', text: String(text) }, rest: source.slice(quoted[0].length) };
  }
  const identifier = IDENTIFIER.exec(source);
  if (identifier === null) throw new ExpressionError(`the expression \${${source}} is not run`);
  const name = identifier[0];
  const rest = source.slice(name.length);
  return rest.startsWith('(') ? parseCall(name, rest.slice(1)) : parseReference(name, rest);
}

function parseCall(name: string, source: string): { expression: Expression; rest: string } {
  const operands: Expression[] = [];
  let rest = source.trimStart();
  while (!rest.startsWith(')')) {
    const operand = parseOperand(rest);
    operands.push(operand.expression);
    rest = operand.rest.trimStart();
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith(')')) throw new ExpressionError(`the call of ${name}(…) is not run: "${rest}"`);
  }
  return { expression: { kind: 'call', name, arguments: operands }, rest: rest.slice(1) };
}

function parseReference(first: string, source: string): { expression: Expression; rest: string } {
  const segments: (string | number)[] = [first];
  let rest = source;
  for (;;) {
    const step = parseStep(rest);
    if (step === undefined) break;
    segments.push(step.segment);
    rest = step.rest;
  }
  if (segments.length === 1) throw new ExpressionError(`the expression \${${first}${source}} is not run`);
  return { expression: { kind: 'reference', ...splitReference(segments) }, rest };
}

function parseStep(source: string): { segment: string | number; rest: string } | undefined {
  if (source.startsWith('.')) {
    const rest = source.slice(1);
    const name = IDENTIFIER.exec(rest)?.[0];
    if (name !== undefined) return { segment: name, rest: rest.slice(name.length) };
    const index = NUMBER.exec(rest)?.[0];
    return index === undefined ? undefined : { segment: Number(index), rest: rest.slice(index.length) };
  }
  if (!source.startsWith('[')) return undefined;
  const inner = source.slice(1);
  const index = NUMBER.exec(inner)?.[0] ?? QUOTED.exec(inner)?.[0];
  if (index === undefined || inner[index.length] !== ']') return undefined;
  const segment: unknown = JSON.parse(index);
  return {
    segment: typeof segment === 'number' ? segment : String(segment),
    rest: inner.slice(index.length + 1),
  };
}
