import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../../core/resource.ts';
import { optionalText, requiredText } from '../sqs/members.ts';
import { type FunctionRegistry, functionName } from './function-registry.ts';

const CODE = 'InvalidParameterValueException';

/** aws_lambda_permission: a statement of a function's resource policy, as AddPermission writes it. */
export function permissionResourceType(registry: FunctionRegistry): ResourceType {
  const remove = (state: ResourceState): void => {
    const name = functionName(requiredText(state.attributes, 'function_name', CODE));
    if (registry.has(name))
      registry.setStatement(name, requiredText(state.attributes, 'statement_id', CODE), undefined);
  };
  const create = (args: JsonObject): JsonObject => {
    const fn = registry.get(requiredText(args, 'function_name', CODE));
    const qualifier = optionalText(args, 'qualifier', CODE);
    if (qualifier !== undefined && qualifier !== '$LATEST') {
      throw new AwsError(
        CODE,
        `Versions and aliases are not run here: qualifier ${qualifier} of ${fn.name}.`,
      );
    }
    const principal = requiredText(args, 'principal', CODE);
    const id =
      optionalText(args, 'statement_id', CODE) ??
      `terraform-${[principal, args['source_arn'], args['action']].join('-').replaceAll(/[^A-Za-z0-9-]/g, '-')}`;
    registry.setStatement(fn.name, id, statement(args, id, principal, fn.arn));
    return { ...args, id, statement_id: id };
  };
  return {
    type: 'aws_lambda_permission',
    runs: [
      'statement_id',
      'action',
      'function_name',
      'principal',
      'source_arn',
      'source_account',
      'qualifier',
    ],
    accepts: {},
    create,
    update(args: JsonObject, previous: ResourceState): JsonObject {
      remove(previous);
      return create(args);
    },
    destroy: remove,
  };
}

function statement(args: JsonObject, id: string, principal: string, functionArn: string): JsonObject {
  const sourceArn = optionalText(args, 'source_arn', CODE);
  const sourceAccount = optionalText(args, 'source_account', CODE);
  const condition = {
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principal.endsWith('.amazonaws.com')
      ? { Service: principal }
      : { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal },
    Action: requiredText(args, 'action', CODE),
    Resource: functionArn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}
