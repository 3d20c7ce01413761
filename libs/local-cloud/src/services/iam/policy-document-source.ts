import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { DataSourceType } from '../../core/resource.ts';
import { PolicyError } from './policy-error.ts';

const MEMBERS: ReadonlySet<string> = new Set([
  'actions',
  'condition',
  'effect',
  'not_actions',
  'not_resources',
  'principals',
  'resources',
  'sid',
]);

/** Terraform's own way of writing a policy: statements as blocks, JSON out. */
export const policyDocumentSource: DataSourceType = {
  type: 'aws_iam_policy_document',
  read(args: JsonObject): JsonObject {
    for (const name of Object.keys(args)) {
      if (name !== 'statement' && name !== 'version') {
        throw new PolicyError(`the argument ${name} of aws_iam_policy_document is not run`);
      }
    }
    const json = JSON.stringify({
      Version: args['version'] ?? '2012-10-17',
      Statement: blocks(args['statement']).map(statement),
    });
    return { id: json.length.toString(36), json };
  },
};

function statement(block: JsonObject): JsonObject {
  for (const name of Object.keys(block)) {
    if (!MEMBERS.has(name)) throw new PolicyError(`the argument statement.${name} is not run`);
  }
  const members: Record<string, JsonValue> = { Effect: block['effect'] ?? 'Allow' };
  const copy = (from: string, to: string): void => {
    const value = block[from];
    if (value !== undefined && value !== null) members[to] = value;
  };
  copy('sid', 'Sid');
  copy('actions', 'Action');
  copy('not_actions', 'NotAction');
  copy('resources', 'Resource');
  copy('not_resources', 'NotResource');
  const principals = blocks(block['principals']);
  if (principals.length > 0) members['Principal'] = principal(principals);
  const conditions = blocks(block['condition']);
  if (conditions.length > 0) members['Condition'] = condition(conditions);
  return members;
}

function principal(principals: readonly JsonObject[]): JsonValue {
  const byType: Record<string, JsonValue> = {};
  for (const { type, identifiers } of principals) {
    if (type === '*') return '*';
    const before = byType[String(type)];
    byType[String(type)] = [...(Array.isArray(before) ? before : []), ...list(identifiers)];
  }
  return byType;
}

function condition(conditions: readonly JsonObject[]): JsonObject {
  const byTest: Record<string, Record<string, JsonValue>> = {};
  for (const { test, variable, values } of conditions) {
    const keys = byTest[String(test)] ?? {};
    keys[String(variable)] = list(values);
    byTest[String(test)] = keys;
  }
  return byTest;
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
