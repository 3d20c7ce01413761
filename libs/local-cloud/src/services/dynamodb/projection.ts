import { type AttributeValue, attributeOf, type Item } from './attribute-value.ts';
import { validationError } from './dynamodb-error.ts';
import { ExpressionReader } from './expression-reader.ts';
import type { ExpressionName, Parsed, Path } from './expression-syntax.ts';

/** Paths merged into a tree: which members or elements to keep, and of each the whole (`true`) or a part. */
export type PathTree = Map<string | number, PathTree | true>;

/**
 * Parses a projection expression.
 *
 * @throws AwsError ValidationException naming the token that does not fit
 */
export function parseProjection(text: string): Parsed<readonly Path[]> {
  const reader = new ExpressionReader('ProjectionExpression', text);
  const tree: Path[] = [];
  do tree.push(reader.path());
  while (reader.accept(','));
  reader.expectEnd();
  return { tree, names: [...reader.names], values: [] };
}

/**
 * Merges resolved paths.
 *
 * @throws AwsError ValidationException when one path lies within another
 */
export function mergePaths(kind: ExpressionName, paths: readonly Path[]): PathTree {
  const root: PathTree = new Map();
  for (const path of paths) {
    let tree = root;
    for (const [depth, part] of path.entries()) {
      const isLast = depth === path.length - 1;
      const existing = tree.get(part);
      if (existing === true || (isLast && existing !== undefined)) throw overlap(kind, paths, path);
      if (isLast) tree.set(part, true);
      else if (existing === undefined) {
        const below: PathTree = new Map();
        tree.set(part, below);
        tree = below;
      } else tree = existing;
    }
  }
  return root;
}

function overlap(kind: ExpressionName, paths: readonly Path[], second: Path): Error {
  const first =
    paths.find((path) => path !== second && path.every((part, index) => second[index] === part)) ??
    paths.find((path) => path !== second && second.every((part, index) => path[index] === part)) ??
    second;
  return validationError(
    `Invalid ${kind}: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${shown(first)}, path two: ${shown(second)}`,
  );
}

function shown(path: Path): string {
  return `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}

/** The part of an item that the paths reach; lists keep the order of what is kept and close up. */
export function projectItem(item: Item, tree: PathTree): Item {
  const projected: Record<string, AttributeValue> = {};
  for (const [name, part] of tree) {
    const value = typeof name === 'string' ? attributeOf(item, name) : undefined;
    const kept = value === undefined ? undefined : projectValue(value, part);
    if (kept !== undefined) projected[name] = kept;
  }
  return projected;
}

function projectValue(value: AttributeValue, part: PathTree | true): AttributeValue | undefined {
  if (part === true) return value;
  if (value.M !== undefined) {
    const members = projectItem(value.M, part);
    return Object.keys(members).length > 0 ? { M: members } : undefined;
  }
  if (value.L === undefined) return undefined;
  const kept: AttributeValue[] = [];
  const indexes = [...part.keys()].filter((key) => typeof key === 'number').sort((a, b) => a - b);
  for (const index of indexes) {
    const element = value.L[index];
    const below = part.get(index);
    const projected = element && below ? projectValue(element, below) : undefined;
    if (projected !== undefined) kept.push(projected);
  }
  return kept.length > 0 ? { L: kept } : undefined;
}
