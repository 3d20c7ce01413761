import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import type { Leaf } from './leaf.ts';

/** Which element of which array a value lies in, for each array on the way to it, the innermost first. */
export interface Membership {
  readonly array: number;
  readonly index: number;
  readonly outer: Membership | undefined;
}

/** A value of the event at one of the pattern's paths. */
export interface FieldValue {
  readonly leaf: Leaf;
  readonly membership: Membership | undefined;
}

/** The pattern's paths as a tree, so that an event is read only where a pattern looks. */
export interface PathNode {
  /** The place of this path in the list of found values, when the pattern asks for it. */
  slot: number | undefined;
  /**
   * Steps to every path below, in dotted form too: AWS compares joined paths, so that `{"a": {"b": 1}}` and
   * `{"a.b": 1}` are the same field.
   */
  readonly steps: Map<string, PathNode>;
}

/** Makes the tree of dotted paths; the slot of a path is its place in the list. */
export function pathTree(paths: readonly string[]): PathNode {
  const root: PathNode = { slot: undefined, steps: new Map() };
  paths.forEach((path, slot) => {
    const at: [PathNode, string][] = [[root, path]];
    for (let next = at.pop(); next !== undefined; next = at.pop()) {
      const [node, rest] = next;
      for (let dot = rest.indexOf('.'); ; dot = rest.indexOf('.', dot + 1)) {
        const step = dot < 0 ? rest : rest.slice(0, dot);
        let child = node.steps.get(step);
        if (child === undefined) {
          child = { slot: undefined, steps: new Map() };
          node.steps.set(step, child);
        }
        if (dot < 0) {
          child.slot = slot;
          break;
        }
        at.push([child, rest.slice(dot + 1)]);
      }
    }
  });
  return root;
}

/** Reads the values at the tree's paths from an event; the result has one list for each slot. */
export function collectFields(tree: PathNode, slots: number, event: JsonObject): FieldValue[][] {
  const found: FieldValue[][] = Array.from({ length: slots }, () => []);
  let arrays = 0;
  const readObject = (node: PathNode, object: JsonObject, membership: Membership | undefined): void => {
    for (const [step, child] of node.steps) {
      if (!Object.hasOwn(object, step)) continue;
      const value = object[step];
      if (value !== undefined) readValue(child, value, membership);
    }
  };
  const readValue = (node: PathNode, value: JsonValue, membership: Membership | undefined): void => {
    if (Array.isArray(value)) {
      const array = arrays;
      arrays += 1;
      (value as readonly JsonValue[]).forEach((element, index) => {
        // An element without members is in no other field's way, so it carries no membership of this array.
        const nested = typeof element === 'object' && element !== null;
        readValue(node, element, nested ? { array, index, outer: membership } : membership);
      });
    } else if (typeof value === 'object' && value !== null) {
      readObject(node, value as JsonObject, membership);
    } else if (node.slot !== undefined) {
      found[node.slot]?.push({ leaf: value as Leaf, membership });
    }
  };
  readObject(tree, event, undefined);
  return found;
}

/** True when two values can be of the same elements: no array holds them at different places. */
export function sameElements(a: Membership | undefined, b: Membership | undefined): boolean {
  for (let x = a; x !== undefined; x = x.outer) {
    for (let y = b; y !== undefined; y = y.outer) {
      if (x.array === y.array && x.index !== y.index) return false;
    }
  }
  return true;
}
