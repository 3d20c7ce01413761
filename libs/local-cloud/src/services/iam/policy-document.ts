import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { Principal } from '../../core/service.ts';
import { type Condition, compileCondition } from './conditions.ts';
import { PolicyError } from './policy-error.ts';
import { wildcard } from './wildcard.ts';

/** One statement, ready for evaluation. */
export interface Statement {
  /** Its Sid, or its place in the policy, from 0. */
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  /** The actions and the resources as written, for reports. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  matchesAction(action: string): boolean;
  matchesResource(arn: string): boolean;
  matchesContext: Condition;
  /** The action and the resource that match, as the statement writes them. */
  written(action: string, arn: string): { readonly action: string; readonly resource: string };
  /** Whom a resource policy's statement names; `delegates` when it leaves the matter to identity policies. */
  matchesPrincipal(principal: Principal, accountId: string): 'yes' | 'no' | 'delegates';
}

const MEMBERS: ReadonlySet<string> = new Set([
  'Action',
  'Condition',
  'Effect',
  'NotAction',
  'NotResource',
  'Principal',
  'Resource',
  'Sid',
]);

type PrincipalMatch = Statement['matchesPrincipal'];

/**
 * Compiles an IAM policy document.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 *
 * @param json the document as JSON text
 * @throws PolicyError naming what is malformed or not run
 */
export function compilePolicy(json: string): readonly Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch (error) {
    throw new PolicyError('a policy is a JSON document', { cause: error });
  }
  const statements = isObject(document) ? document['Statement'] : undefined;
  const list: readonly JsonValue[] = Array.isArray(statements) ? statements : [statements ?? null];
  return list.map((statement, index) => compileStatement(statement, index));
}

function compileStatement(value: JsonValue, index: number): Statement {
  if (!isObject(value)) throw new PolicyError('a policy has a Statement, an object or a list of objects');
  for (const name of Object.keys(value)) {
    if (!MEMBERS.has(name)) throw new PolicyError(`a statement's ${name} is not run by the local cloud`);
  }
  const { Sid: sid, Effect: effect } = value;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyError('a statement has the Effect Allow or Deny');
  const actions = texts(value['Action'] ?? value['NotAction'], 'Action');
  // A trust policy has no Resource: it is about the role that it belongs to.
  const resources = texts(value['Resource'] ?? value['NotResource'] ?? '*', 'Resource');
  return {
    id: typeof sid === 'string' && sid !== '' ? sid : String(index),
    effect,
    actions,
    resources,
    matchesAction: oneOf(actions, value['NotAction'] !== undefined, true),
    matchesResource: oneOf(resources, value['NotResource'] !== undefined, false),
    matchesContext: compileCondition(value['Condition']),
    written: (action, arn) => ({
      action: actions.find((pattern) => wildcard(pattern, true)(action)) ?? action,
      resource: resources.find((pattern) => wildcard(pattern)(arn)) ?? arn,
    }),
    matchesPrincipal: compilePrincipal(value['Principal']),
  };
}

function oneOf(
  patterns: readonly string[],
  negated: boolean,
  ignoreCase: boolean,
): (value: string) => boolean {
  if (patterns.some((pattern) => pattern.includes('${'))) {
    throw new PolicyError('policy variables are not run by the local cloud');
  }
  const matchers = patterns.map((pattern) => wildcard(pattern, ignoreCase));
  return (value) => matchers.some((matches) => matches(value)) !== negated;
}

function compilePrincipal(value: JsonValue | undefined): PrincipalMatch {
  if (value === undefined || value === null) return () => 'no';
  if (value === '*') return () => 'yes';
  if (!isObject(value)) throw new PolicyError('a Principal is "*" or an object');
  const services = new Set<string>();
  const identities: string[] = [];
  for (const [kind, names] of Object.entries(value)) {
    if (kind === 'Service') for (const name of texts(names, 'Principal')) services.add(name);
    else if (kind === 'AWS') identities.push(...texts(names, 'Principal'));
    else throw new PolicyError(`a Principal of the kind ${kind} is not run by the local cloud`);
  }
  const anyone = identities.includes('*');
  return (principal, accountId) => {
    if (principal.kind === 'service') return anyone || services.has(principal.service) ? 'yes' : 'no';
    if (principal.kind === 'owner' || anyone || identities.includes(principal.arn)) return 'yes';
    const account = identities.includes(accountId) || identities.includes(`arn:aws:iam::${accountId}:root`);
    return account ? 'delegates' : 'no';
  };
}

function texts(value: JsonValue | undefined, member: string): string[] {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value ?? null];
  return values.map((item) => {
    if (typeof item === 'string') return item;
    throw new PolicyError(`a statement's ${member} is text or a list of text`);
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
