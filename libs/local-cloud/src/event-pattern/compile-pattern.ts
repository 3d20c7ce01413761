import type { JsonObject, JsonValue } from '../core/aws-error.ts';
import type { EventPattern } from '../core/seams.ts';
import { collectFields, type FieldValue, type Membership, pathTree, sameElements } from './event-fields.ts';
import { compileAddress } from './ip-range.ts';
import type { Leaf, LeafMatcher } from './leaf.ts';
import { compileMatchExpression, type Dialect } from './match-expression.ts';
import {
  invalidPattern,
  isPatternObject,
  type PatternJson,
  PatternNumber,
  type PatternObject,
  parsePatternJson,
} from './pattern-json.ts';

/** What a pattern asks of one field. */
interface FieldPattern {
  readonly matches: LeafMatcher;
  /** True when the field may be missing (`exists: false`). */
  readonly absent: boolean;
  /** The texts that alone can match, or nothing when other values can match too. */
  readonly texts: readonly string[] | undefined;
}

/** One way to satisfy a pattern: all fields of it, by dotted path. `$or` makes several ways. */
type Branch = ReadonlyMap<string, FieldPattern>;

/** A compiled pattern that also tells which texts a field must have, so that rules can be indexed by them. */
export interface CompiledPattern extends EventPattern {
  /** The only texts that the field at a dotted path may have, or nothing when other values can match. */
  requiredTexts(path: string): ReadonlySet<string> | undefined;
}

const OR = '$or';
/** A `$or` whose objects use one of these names is an ordinary field of that name (event-ruler). */
const RESERVED_IN_OR = new Set([
  'exactly',
  'prefix',
  'suffix',
  'numeric',
  'anything-but',
  'equals-ignore-case',
  'exists',
  'cidr',
  'wildcard',
]);

/**
 * Compiles an event pattern once; the result matches events without looking at the pattern's text again.
 * Rules of matching: EventBridge, "Creating event patterns" and "Comparison operators", where AWS's own
 * matcher event-ruler differs from the text, as event-ruler.
 *
 * @param patternJsonText the pattern as it was given to PutRule, CreatePipe or CreateEventSourceMapping
 * @param dialect where it is used; pipes and mappings know fewer operators
 * @throws AwsError InvalidEventPatternException
 */
export function compilePattern(patternJsonText: string, dialect: Dialect): CompiledPattern {
  const branches = compileObject(parsePatternJson(patternJsonText), '', [new Map()], dialect);
  const paths = [...new Set(branches.flatMap((branch) => [...branch.keys()]))];
  const slots = new Map(paths.map((path, slot) => [path, slot]));
  const tree = pathTree(paths);
  const compiled = branches.map((branch) =>
    // Fields in order of their paths, since `exists: false` looks at the elements chosen before it.
    [...branch]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, pattern]) => ({ slot: slots.get(path) ?? 0, pattern })),
  );
  return {
    matches: (event) => {
      if (!isEventObject(event)) return false;
      const found = collectFields(tree, paths.length, event);
      return compiled.some((fields) => matchesFrom(fields, 0, found, undefined));
    },
    requiredTexts: (path) => {
      const texts = new Set<string>();
      for (const branch of branches) {
        const only = branch.get(path)?.texts;
        if (only === undefined) return undefined;
        for (const text of only) texts.add(text);
      }
      return texts;
    },
  };
}

function matchesFrom(
  fields: readonly { slot: number; pattern: FieldPattern }[],
  at: number,
  found: readonly FieldValue[][],
  chosen: Membership | undefined,
): boolean {
  const field = fields[at];
  if (field === undefined) return true;
  const values = found[field.slot] ?? [];
  const { matches, absent } = field.pattern;
  if (absent && !values.some((value) => sameElements(chosen, value.membership))) {
    return matchesFrom(fields, at + 1, found, chosen);
  }
  let triedOutside = false;
  for (const { leaf, membership } of values) {
    // Values outside arrays lead to the same rest of the search, so one of them is enough.
    if (membership === undefined && triedOutside) continue;
    if (!matches(leaf) || !sameElements(chosen, membership)) continue;
    if (membership === undefined) triedOutside = true;
    if (matchesFrom(fields, at + 1, found, join(chosen, membership))) return true;
  }
  return false;
}

function join(chosen: Membership | undefined, added: Membership | undefined): Membership | undefined {
  if (added === undefined) return chosen;
  if (chosen === undefined) return added;
  return { array: added.array, index: added.index, outer: join(chosen, added.outer) };
}

function compileObject(
  object: PatternObject,
  prefix: string,
  branches: readonly Branch[],
  dialect: Dialect,
): readonly Branch[] {
  const entries = Object.entries(object);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed');
  let result = branches;
  for (const [name, value] of entries) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (name === OR && isOr(value)) {
      const before = result;
      result = value.flatMap((choice) => compileObject(choice, prefix, before, dialect));
    } else if (isPatternObject(value)) {
      result = compileObject(value, path, result, dialect);
    } else if (Array.isArray(value)) {
      const field = compileField(value as readonly PatternJson[], dialect);
      result = result.map((branch) => new Map(branch).set(path, field));
    } else {
      throw invalidPattern(`"${name}" must be an object or an array`);
    }
  }
  return result;
}

function isOr(value: PatternJson): value is readonly PatternObject[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    (value as readonly PatternJson[]).every(
      (choice) =>
        isPatternObject(choice) &&
        Object.keys(choice).length > 0 &&
        !Object.keys(choice).some((name) => RESERVED_IN_OR.has(name)),
    )
  );
}

function compileField(values: readonly PatternJson[], dialect: Dialect): FieldPattern {
  if (values.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const exact = new Set<Leaf>();
  const others: LeafMatcher[] = [];
  let absent = false;
  for (const value of values) {
    if (value instanceof PatternNumber) {
      exact.add(value.value);
    } else if (isPatternObject(value)) {
      const expression = compileMatchExpression(value, dialect);
      if (expression === 'absent') absent = true;
      else others.push(expression);
    } else if (typeof value === 'object' && value !== null) {
      throw invalidPattern('Match value must be String, number, true, false, or null');
    } else {
      exact.add(value);
      const address = typeof value === 'string' ? compileAddress(value) : undefined;
      if (address !== undefined) others.push(address);
    }
  }
  const texts = [...exact].filter((leaf) => typeof leaf === 'string');
  return {
    matches: (leaf) => exact.has(leaf) || others.some((matches) => matches(leaf)),
    absent,
    texts: !absent && others.length === 0 && texts.length === exact.size ? texts : undefined,
  };
}

function isEventObject(event: JsonValue): event is JsonObject {
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}
