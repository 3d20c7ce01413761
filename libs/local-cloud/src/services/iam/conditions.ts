import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { PolicyError } from './policy-error.ts';
import { wildcard } from './wildcard.ts';

/** What is known of a request beside who, what and where: IAM's condition keys, in lower case. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** A compiled `Condition`: true when all its operators hold. */
export type Condition = (context: RequestContext) => boolean;

type Test = (expected: string) => (actual: string) => boolean;

const exactly: Test = (expected) => (actual) => actual === expected;
const ignoringCase: Test = (expected) => (actual) => actual.toLowerCase() === expected.toLowerCase();
const like: Test = (expected) => wildcard(expected);

/** The operators that are run; each `Not` operator holds where its opposite does not. */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated?: true }>> = {
  ArnEquals: { test: like },
  ArnLike: { test: like },
  ArnNotEquals: { test: like, negated: true },
  ArnNotLike: { test: like, negated: true },
  Bool: { test: ignoringCase },
  StringEquals: { test: exactly },
  StringEqualsIgnoreCase: { test: ignoringCase },
  StringLike: { test: like },
  StringNotEquals: { test: exactly, negated: true },
  StringNotLike: { test: like, negated: true },
};

/** The keys that requests here have. A policy that asks for another could never be judged rightly. */
const KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'cloudwatch:namespace',
  'lambda:functionurlauthtype',
  'lambda:invokedviafunctionurl',
  'events:detail-type',
  'events:source',
  's3:prefix',
  's3:x-amz-server-side-encryption',
]);

/** Keys of which the rest names a member of the request. */
const KEY_PREFIXES = ['kms:encryptioncontext:'];

const OPERATOR = /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<name>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

/**
 * Compiles a statement's `Condition`.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".
 *
 * @throws PolicyError naming the operator or key that is not run
 */
export function compileCondition(block: JsonValue | undefined): Condition {
  if (block === undefined || block === null) return () => true;
  const tests: Condition[] = [];
  for (const [operator, keys] of Object.entries(objectOf(block))) {
    for (const [key, expected] of Object.entries(objectOf(keys))) {
      tests.push(compileTest(operator, key, textsOf(expected)));
    }
  }
  return (context) => tests.every((test) => test(context));
}

function compileTest(operator: string, key: string, expected: readonly string[]): Condition {
  const parts = OPERATOR.exec(operator)?.groups;
  const name = parts?.['name'] ?? operator;
  const contextKey = key.toLowerCase();
  if (!KEYS.has(contextKey) && !KEY_PREFIXES.some((prefix) => contextKey.startsWith(prefix))) {
    throw new PolicyError(`the condition key ${key} is not run by the local cloud`);
  }
  if (expected.some((value) => value.includes('${'))) {
    throw new PolicyError(`policy variables (in the condition on ${key}) are not run by the local cloud`);
  }
  if (name === 'Null') return nullTest(contextKey, expected);
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (known === undefined) {
    throw new PolicyError(`the condition operator ${operator} is not run by the local cloud`);
  }
  const matchers = expected.map(known.test);
  const negated = known.negated === true;
  const holds = (actual: string): boolean => matchers.some((matches) => matches(actual)) !== negated;
  const set = parts?.['set'];
  const whenMissing = negated || set === 'ForAllValues' || parts?.['ifExists'] !== undefined;
  return (context) => {
    const actual = context[contextKey];
    if (actual === undefined) return whenMissing && set !== 'ForAnyValue';
    if (typeof actual === 'string') return holds(actual);
    return set === 'ForAllValues' || negated ? actual.every(holds) : actual.some(holds);
  };
}

function nullTest(key: string, expected: readonly string[]): Condition {
  const wantsMissing = expected.some((value) => value.toLowerCase() === 'true');
  return (context) => (context[key] === undefined) === wantsMissing;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyError('a Condition is an object of operators, each an object of keys');
  }
  return value as JsonObject;
}

function textsOf(value: JsonValue | undefined): string[] {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value ?? null];
  return values.map((item) => {
    if (typeof item === 'string' || typeof item === 'boolean' || typeof item === 'number')
      return String(item);
    throw new PolicyError('a condition compares with text, a number or a boolean');
  });
}
