import { type AttributeValue, attributeOf, type Item, setOf, typeOf } from './attribute-value.ts';
import { addNumbers, subtractNumbers } from './decimal.ts';
import { validationError } from './dynamodb-error.ts';
import type { Path, SetValue, Update } from './expression-syntax.ts';
import type { Placeholders } from './placeholders.ts';
import { mergePaths, type PathTree } from './projection.ts';

/** One change of one place; an absent value removes what is there. */
interface Change {
  readonly path: Path;
  readonly value: AttributeValue | undefined;
}

/** A resolved update: all the paths that it touches. */
export interface TouchedPaths {
  readonly paths: readonly Path[];
  readonly tree: PathTree;
}

/**
 * Which places an update touches, by their real names.
 *
 * @throws AwsError ValidationException when two of them overlap
 */
export function touchedPaths(update: Update, placeholders: Placeholders): TouchedPaths {
  const paths = [
    ...update.set.map((clause) => placeholders.resolve(clause.path)),
    ...update.remove.map((path) => placeholders.resolve(path)),
    ...update.add.map((clause) => placeholders.resolve(clause.path)),
    ...update.delete.map((clause) => placeholders.resolve(clause.path)),
  ];
  return { paths, tree: mergePaths('UpdateExpression', paths) };
}

/**
 * The item as an update makes it. Every right side sees the item as it was before.
 *
 * @param before the item, or just its key when there is none yet
 * @throws AwsError ValidationException for operands of wrong type and paths that lead nowhere
 */
export function updatedItem(before: Item, update: Update, placeholders: Placeholders): Item {
  const changes: Change[] = [];
  for (const { path, to } of update.set) {
    changes.push({ path: placeholders.resolve(path), value: evaluate(to, before, placeholders) });
  }
  for (const path of update.remove) changes.push({ path: placeholders.resolve(path), value: undefined });
  for (const { path, value } of update.add) {
    const old = placeholders.lookUp(before, path);
    changes.push({ path: placeholders.resolve(path), value: added(old, placeholders.value(value)) });
  }
  for (const { path, value } of update.delete) {
    const old = placeholders.lookUp(before, path);
    changes.push({
      path: placeholders.resolve(path),
      value: withoutElements(old, placeholders.value(value)),
    });
  }
  const draft = new Draft(before);
  for (const change of changes) draft.apply(change);
  return draft.finish();
}

function evaluate(value: SetValue, item: Item, placeholders: Placeholders): AttributeValue {
  switch (value.kind) {
    case 'value':
      return placeholders.value(value.name);
    case 'path': {
      const found = placeholders.lookUp(item, value.path);
      if (found !== undefined) return found;
      throw validationError('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if-not-exists':
      return placeholders.lookUp(item, value.path) ?? evaluate(value.otherwise, item, placeholders);
    case 'list-append': {
      const left = evaluate(value.left, item, placeholders);
      const right = evaluate(value.right, item, placeholders);
      if (left.L === undefined || right.L === undefined) throw incorrectType();
      return { L: [...left.L, ...right.L] };
    }
    case 'plus':
    case 'minus': {
      const left = evaluate(value.left, item, placeholders).N;
      const right = evaluate(value.right, item, placeholders).N;
      if (left === undefined || right === undefined) throw incorrectType();
      return { N: value.kind === 'plus' ? addNumbers(left, right) : subtractNumbers(left, right) };
    }
    case 'size':
      throw new Error('the update grammar has no size function');
  }
}

/** What ADD makes of a value: a sum of numbers, a union of sets. */
function added(old: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  const type = typeOf(value);
  switch (type) {
    case 'N':
      if (old === undefined) return value;
      if (old.N === undefined || value.N === undefined) throw incorrectType();
      return { N: addNumbers(old.N, value.N) };
    case 'SS':
    case 'NS':
    case 'BS': {
      if (old === undefined) return value;
      const elements = old[type];
      if (elements === undefined) throw incorrectType();
      return setOf(type, [...new Set([...elements, ...(value[type] ?? [])])]);
    }
    default:
      throw validationError(
        `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: ${type}`,
      );
  }
}

/** What DELETE leaves of a set; nothing when the last element goes. */
function withoutElements(old: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  const type = typeOf(value);
  if (type !== 'SS' && type !== 'NS' && type !== 'BS') {
    throw validationError(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: ${type}`,
    );
  }
  if (old === undefined) return undefined;
  const elements = old[type];
  if (elements === undefined) throw incorrectType();
  const gone = new Set(value[type]);
  const left = elements.filter((element) => !gone.has(element));
  return left.length === 0 ? undefined : setOf(type, left);
}

function incorrectType(): Error {
  return validationError('An operand in the update expression has an incorrect data type');
}

type OpenMap = Record<string, AttributeValue>;

/**
 * An item that is being changed: maps and lists are copied when first touched. While changes go on, lists keep
 * their old indexes, with holes for what was removed and gaps for what was set beyond the end; at last they close up.
 */
class Draft {
  readonly #root: OpenMap;
  readonly #openMaps = new Set<Item>();
  readonly #openLists = new Map<AttributeValue[], (list: AttributeValue[]) => void>();

  constructor(before: Item) {
    this.#root = { ...before };
  }

  apply({ path, value }: Change): void {
    let map: OpenMap | undefined = this.#root;
    let list: AttributeValue[] | undefined;
    for (const [depth, part] of path.entries()) {
      const isLast = depth === path.length - 1;
      if (typeof part === 'string') {
        if (map === undefined) throw invalidPath();
        if (isLast) setMember(map, part, value);
        else [map, list] = this.#openMember(map, part);
      } else {
        if (list === undefined) throw invalidPath();
        if (isLast) setElement(list, part, value);
        else [map, list] = this.#openElement(list, part);
      }
    }
  }

  finish(): Item {
    // Inner lists first: what closes up inside must reach the outer list before that one is copied.
    for (const [list, replace] of [...this.#openLists].reverse()) {
      const closedUp = Object.values(list);
      if (closedUp.length !== list.length) replace(closedUp);
    }
    return this.#root;
  }

  #openMember(map: OpenMap, name: string): [OpenMap | undefined, AttributeValue[] | undefined] {
    const value = attributeOf(map, name);
    return this.#open(value, (copy) => {
      map[name] = copy;
    });
  }

  #openElement(list: AttributeValue[], index: number): [OpenMap | undefined, AttributeValue[] | undefined] {
    return this.#open(list[index], (copy) => {
      list[index] = copy;
    });
  }

  #open(
    value: AttributeValue | undefined,
    put: (copy: AttributeValue) => void,
  ): [OpenMap | undefined, AttributeValue[] | undefined] {
    if (value?.M !== undefined) {
      if (this.#openMaps.has(value.M)) return [value.M as OpenMap, undefined];
      const copy = { ...value.M };
      this.#openMaps.add(copy);
      put({ M: copy });
      return [copy, undefined];
    }
    if (value?.L === undefined) throw invalidPath();
    const open = value.L as AttributeValue[];
    if (this.#openLists.has(open)) return [undefined, open];
    const copy = [...value.L];
    put({ L: copy });
    this.#openLists.set(copy, (closedUp) => put({ L: closedUp }));
    return [undefined, copy];
  }
}

function setMember(map: OpenMap, name: string, value: AttributeValue | undefined): void {
  if (value === undefined) delete map[name];
  else map[name] = value;
}

function setElement(list: AttributeValue[], index: number, value: AttributeValue | undefined): void {
  if (value === undefined) delete list[index];
  else list[index] = value;
}

function invalidPath(): Error {
  return validationError('The document path provided in the update expression is invalid for update');
}
