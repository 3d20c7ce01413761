import type { Environment } from '@payments/schemas';
import type { Conditions, Statement } from '../iam-policy.ts';
import { arnOf } from '../names.ts';

/** What the CI's roles may do with one kind of resource. */
export interface ManagedKind {
  /** What a statement is called after, in PascalCase. */
  readonly name: string;
  /** The Terraform types of it. */
  readonly types: readonly string[];
  /** What Terraform asks to find out how it is. */
  readonly read: readonly string[];
  /** What Terraform does to bring it about and to remove it. */
  readonly write: readonly string[];
  /** Which of them, by the names that we give. */
  readonly resources: (environment: Environment) => readonly string[];
  readonly conditions?: (environment: Environment) => Conditions;
}

/** What begins the name of whatever an environment has. */
export function namePrefix({ system, name }: Environment): string {
  return `${system}-${name}-`;
}

/** All resources of one kind of a service whose names are an environment's: `<kind><system>-<environment>-*`. */
export function allNamed(service: string, kind = ''): (environment: Environment) => readonly string[] {
  return (environment) => [arnOf(environment, service, `${kind}${namePrefix(environment)}*`)];
}

/** All resources of one kind of a service that have no names of ours, but of AWS's. */
export function allUnnamed(service: string, kind: string): (environment: Environment) => readonly string[] {
  return (environment) => [arnOf(environment, service, `${kind}*`)];
}

/** Roles and policies, which belong to no region. */
export function allNamedInIam(kind: string): (environment: Environment) => readonly string[] {
  return (environment) => [`arn:aws:iam::${environment.accountId}:${kind}/${namePrefix(environment)}*`];
}

/** A statement that allows, or one that refuses whatever another one allows. */
export type CiStatement = Statement & { readonly effect?: 'Deny' };

/**
 * The condition that a key is one that Terraform tagged for this environment, and not the one of the state.
 *
 * @param also what else must equal
 */
export function onOurKeys({ system, name }: Environment, also: Conditions[string] = {}): Conditions {
  return {
    StringEquals: { 'aws:ResourceTag/system': system, 'aws:ResourceTag/environment': name, ...also },
    StringNotEquals: { 'aws:ResourceTag/stage': 'bootstrap' },
  };
}

/** Statements as a policy in JSON. */
export function policyDocument(statements: readonly CiStatement[]): string {
  const blocks = statements.map(({ effect = 'Allow', sid, actions, resources, conditions }) => ({
    Effect: effect,
    Sid: sid,
    Action: actions,
    Resource: resources,
    ...(conditions === undefined ? {} : { Condition: conditions }),
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement: blocks });
}
