import type { JsonValue } from '../../../core/aws-error.ts';
import { isList, isObject, sameJson } from './json.ts';
import {
  type Comparison,
  type Filter,
  type Operand,
  parseSegments,
  type Segment,
} from './json-path-syntax.ts';

/**
 * A compiled JSONPath. A definite path (names and indexes only) gives the value it points to, or undefined
 * when there is none; any other gives the list of all values that match, which may be empty.
 */
export interface JsonPath {
  readonly definite: boolean;
  read(root: JsonValue): JsonValue | undefined;
}

/**
 * Compiles what follows `$` in a JSONPath.
 *
 * @param text for example `.a.b[0]`; empty for the root itself
 * @throws PathSyntaxError
 */
export function compileJsonPath(text: string): JsonPath {
  return pathOf(parseSegments(text));
}

function pathOf(segments: readonly Segment[]): JsonPath {
  const keys: (string | number)[] = [];
  for (const segment of segments) {
    if (segment.kind === 'member') keys.push(segment.name);
    else if (segment.kind === 'index') keys.push(segment.index);
  }
  if (keys.length === segments.length) return { definite: true, read: definiteReader(keys) };
  const steps = segments.map(step);
  return {
    definite: false,
    read(root) {
      let values: readonly JsonValue[] = [root];
      for (const take of steps) {
        const next: JsonValue[] = [];
        for (const value of values) take(value, next, root);
        values = next;
      }
      return values;
    },
  };
}

function definiteReader(keys: readonly (string | number)[]): JsonPath['read'] {
  const [only] = keys;
  if (only === undefined) return (root) => root;
  if (keys.length === 1) return (root) => child(root, only);
  return (root) => {
    let value: JsonValue | undefined = root;
    for (const key of keys) {
      value = child(value, key);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

function child(value: JsonValue, key: string | number): JsonValue | undefined {
  if (typeof key === 'number') return isList(value) ? value.at(key) : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Adds to `found` what a segment selects below a value. */
type Step = (value: JsonValue, found: JsonValue[], root: JsonValue) => void;

function step(segment: Segment): Step {
  switch (segment.kind) {
    case 'member':
      return take([segment.name]);
    case 'index':
      return take([segment.index]);
    case 'members':
      return take(segment.names);
    case 'indexes':
      return take(segment.indexes);
    case 'slice':
      return (value, found) => {
        if (isList(value)) found.push(...value.slice(segment.from, segment.to));
      };
    case 'every':
      return (value, found) => {
        found.push(...children(value));
      };
    case 'descend':
      return descend;
    case 'filter': {
      const holds = compileFilter(segment.filter);
      return (value, found, root) => {
        for (const item of isList(value) ? value : [value]) if (holds(item, root)) found.push(item);
      };
    }
  }
}

function take(keys: readonly (string | number)[]): Step {
  return (value, found) => {
    for (const key of keys) {
      const next = child(value, key);
      if (next !== undefined) found.push(next);
    }
  };
}

const descend: Step = (value, found, root) => {
  found.push(value);
  for (const item of children(value)) descend(item, found, root);
};

function children(value: JsonValue): readonly JsonValue[] {
  if (isList(value)) return value;
  if (!isObject(value)) return [];
  return Object.values(value).filter((member) => member !== undefined);
}

type Predicate = (item: JsonValue, root: JsonValue) => boolean;

function compileFilter(filter: Filter): Predicate {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const left = compileFilter(filter.left);
      const right = compileFilter(filter.right);
      return filter.kind === 'and'
        ? (item, root) => left(item, root) && right(item, root)
        : (item, root) => left(item, root) || right(item, root);
    }
    case 'not': {
      const inner = compileFilter(filter.filter);
      return (item, root) => !inner(item, root);
    }
    case 'exists': {
      const operand = compileOperand(filter.operand);
      return (item, root) => operand(item, root) !== undefined;
    }
    case 'compare': {
      const left = compileOperand(filter.left);
      const right = compileOperand(filter.right);
      return (item, root) => compare(filter.comparison, left(item, root), right(item, root));
    }
  }
}

function compileOperand(operand: Operand): (item: JsonValue, root: JsonValue) => JsonValue | undefined {
  if (operand.kind === 'literal') return () => operand.value;
  const path = pathOf(operand.segments);
  return operand.from === '@' ? (item) => path.read(item) : (_, root) => path.read(root);
}

function compare(comparison: Comparison, a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (comparison === '==') return a !== undefined && b !== undefined && sameJson(a, b);
  if (comparison === '!=') return !sameJson(a, b);
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  if (comparison === '<') return a < b;
  if (comparison === '<=') return a <= b;
  return comparison === '>' ? a > b : a >= b;
}
