import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { Account, ResourceState, ResourceType } from '../../core/resource.ts';
import { PolicyError } from './policy-error.ts';
import type { RoleDirectory } from './role-directory.ts';

const TAGS = 'Nobody bills one machine by tags.';
const FOR_PEOPLE = 'For people who read it.';

/** The Terraform resources of IAM. */
export function iamResources(account: Account, roles: RoleDirectory): ResourceType[] {
  return [role(account, roles), rolePolicy(roles), policy(account, roles), attachment(roles)];
}

function role(account: Account, roles: RoleDirectory): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = text(args, 'name');
    const arn = `arn:aws:iam::${account.id}:role${path(args)}${name}`;
    roles.putRole(name, arn, text(args, 'assume_role_policy'));
    for (const inline of blocks(args['inline_policy'])) {
      roles.putRolePolicy(name, text(inline, 'name'), text(inline, 'policy'));
    }
    for (const policyArn of list(args['managed_policy_arns'])) roles.attach(name, String(policyArn));
    return { arn, id: name, name, unique_id: `AROA${name}`.toUpperCase() };
  };
  return {
    type: 'aws_iam_role',
    runs: ['name', 'path', 'assume_role_policy', 'inline_policy', 'managed_policy_arns'],
    accepts: {
      description: FOR_PEOPLE,
      force_detach_policies: 'Policies are always detached.',
      max_session_duration: 'Sessions do not end here.',
      tags: TAGS,
    },
    create: put,
    update(args: JsonObject, previous: ResourceState): JsonObject {
      const name = text(args, 'name');
      for (const inline of blocks(previous.arguments['inline_policy'])) {
        roles.removeRolePolicy(name, text(inline, 'name'));
      }
      for (const policyArn of list(previous.arguments['managed_policy_arns'])) {
        roles.detach(name, String(policyArn));
      }
      return put(args);
    },
    destroy: (state) => roles.removeRole(text(state.arguments, 'name')),
  };
}

function rolePolicy(roles: RoleDirectory): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const [roleName, name] = [text(args, 'role'), text(args, 'name')];
    roles.putRolePolicy(roleName, name, text(args, 'policy'));
    return { id: `${roleName}:${name}`, name, role: roleName };
  };
  return {
    type: 'aws_iam_role_policy',
    runs: ['name', 'role', 'policy'],
    accepts: {},
    create: put,
    update: put,
    destroy: (state) => roles.removeRolePolicy(text(state.arguments, 'role'), text(state.arguments, 'name')),
  };
}

function policy(account: Account, roles: RoleDirectory): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = text(args, 'name');
    const arn = `arn:aws:iam::${account.id}:policy${path(args)}${name}`;
    roles.putPolicy(arn, text(args, 'policy'));
    return { arn, id: arn, name, policy_id: `ANPA${name}`.toUpperCase() };
  };
  return {
    type: 'aws_iam_policy',
    runs: ['name', 'path', 'policy'],
    accepts: { description: FOR_PEOPLE, tags: TAGS },
    create: put,
    update: put,
    destroy: (state) => roles.removePolicy(text(state.attributes, 'arn')),
  };
}

function attachment(roles: RoleDirectory): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const [roleName, policyArn] = [text(args, 'role'), text(args, 'policy_arn')];
    roles.attach(roleName, policyArn);
    return { id: `${roleName}/${policyArn}` };
  };
  return {
    type: 'aws_iam_role_policy_attachment',
    runs: ['role', 'policy_arn'],
    accepts: {},
    create: put,
    update: put,
    destroy: (state) => roles.detach(text(state.arguments, 'role'), text(state.arguments, 'policy_arn')),
  };
}

function path(args: JsonObject): string {
  return typeof args['path'] === 'string' ? args['path'] : '/';
}

function text(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw new PolicyError(`the argument ${name} is missing`);
  return value;
}

function list(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? [...value] : [value];
}

function blocks(value: JsonValue | undefined): JsonObject[] {
  return list(value).filter(
    (item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}
