import { ExpressionReader } from './expression-reader.ts';
import type { Parsed, Path, SetValue, Update } from './expression-syntax.ts';

const SECTIONS: ReadonlySet<string> = new Set(['SET', 'REMOVE', 'ADD', 'DELETE']);

interface Sections {
  set: { path: Path; to: SetValue }[];
  remove: Path[];
  add: { path: Path; value: string }[];
  delete: { path: Path; value: string }[];
}

/**
 * Parses an update expression.
 *
 * @throws AwsError ValidationException naming the token that does not fit
 */
export function parseUpdate(text: string): Parsed<Update> {
  const reader = new ExpressionReader('UpdateExpression', text);
  const tree: Sections = { set: [], remove: [], add: [], delete: [] };
  const seen = new Set<string>();
  do {
    const section = reader.peek().toUpperCase();
    if (!SECTIONS.has(section)) throw reader.syntaxError();
    if (seen.has(section)) {
      throw reader.error(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    reader.take();
    do readClause(reader, section, tree);
    while (reader.accept(','));
  } while (reader.peek() !== '');
  return { tree, names: [...reader.names], values: [...reader.values] };
}

function readClause(reader: ExpressionReader, section: string, into: Sections): void {
  switch (section) {
    case 'SET': {
      const path = reader.path();
      reader.expect('=');
      into.set.push({ path, to: sum(reader) });
      return;
    }
    case 'REMOVE':
      into.remove.push(reader.path());
      return;
    case 'ADD':
      into.add.push({ path: reader.path(), value: reader.valueName() });
      return;
    case 'DELETE':
      into.delete.push({ path: reader.path(), value: reader.valueName() });
      return;
  }
}

function sum(reader: ExpressionReader): SetValue {
  const left = term(reader);
  if (reader.accept('+')) return { kind: 'plus', left, right: term(reader) };
  if (reader.accept('-')) return { kind: 'minus', left, right: term(reader) };
  return left;
}

function term(reader: ExpressionReader): SetValue {
  if (reader.accept('(')) {
    const inner = sum(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.peek().startsWith(':')) return { kind: 'value', name: reader.valueName() };
  if (reader.peek(1) !== '(') return { kind: 'path', path: reader.path() };
  const name = reader.take();
  reader.expect('(');
  const call = callOf(reader, name);
  reader.expect(')');
  return call;
}

function callOf(reader: ExpressionReader, name: string): SetValue {
  if (name === 'if_not_exists') {
    const path = reader.path();
    reader.expect(',');
    return { kind: 'if-not-exists', path, otherwise: sum(reader) };
  }
  if (name === 'list_append') {
    const left = sum(reader);
    reader.expect(',');
    return { kind: 'list-append', left, right: sum(reader) };
  }
  throw reader.error(`Invalid function name; function: ${name}`);
}
