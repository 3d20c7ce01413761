import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { Account, ResourceType } from '../../core/resource.ts';
import type { Authorizer } from './authorizer.ts';
import { blockMember } from './block-member.ts';
import { compilePolicy } from './policy-document.ts';

/** A service that acts in a role for a resource. */
interface RoleUse {
  readonly service: string;
  /** The argument that names the role; a dot reaches into a block. */
  readonly argument: string;
  /** The resource's own part of its ARN, which a trust policy may ask for. */
  name(args: JsonObject): string;
}

const ROLES: Readonly<Record<string, RoleUse>> = {
  aws_cloudwatch_event_target: {
    service: 'events',
    argument: 'role_arn',
    name: (args) => `rule/${busPath(args['event_bus_name'])}${String(args['rule'])}`,
  },
  aws_lambda_function: {
    service: 'lambda',
    argument: 'role',
    name: (args) => `function:${String(args['function_name'])}`,
  },
  aws_pipes_pipe: { service: 'pipes', argument: 'role_arn', name: (args) => `pipe/${String(args['name'])}` },
  aws_scheduler_schedule: {
    service: 'scheduler',
    argument: 'target.role_arn',
    name: (args) => `schedule/${String(args['group_name'] ?? 'default')}/${String(args['name'])}`,
  },
  aws_sfn_state_machine: {
    service: 'states',
    argument: 'role_arn',
    name: (args) => `stateMachine:${String(args['name'])}`,
  },
};

/** The types of which the argument `policy` is the resource policy that calls are checked against. */
const POLICIES: ReadonlySet<string> = new Set([
  'aws_cloudwatch_event_bus_policy',
  'aws_kms_key',
  'aws_kms_key_policy',
  'aws_s3_bucket_policy',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sqs_queue',
  'aws_sqs_queue_policy',
]);

/**
 * A resource type that is refused when its service may not act in its role, or its policy cannot be enforced
 * here, as AWS refuses it: at deployment, not at the first call.
 */
export function withDeployChecks(type: ResourceType, authorizer: Authorizer, account: Account): ResourceType {
  const role = ROLES[type.type];
  if (role === undefined && !POLICIES.has(type.type)) return type;
  const check = (args: JsonObject): void => {
    if (typeof args['policy'] === 'string' && POLICIES.has(type.type)) compilePolicy(args['policy']);
    const roleArn = role === undefined ? undefined : blockMember(args, role.argument.split('.'));
    if (role !== undefined && typeof roleArn === 'string') {
      const sourceArn = `arn:aws:${role.service}:${account.region}:${account.id}:${role.name(args)}`;
      authorizer.assertAssumable(roleArn, `${role.service}.amazonaws.com`, sourceArn);
    }
  };
  return {
    type: type.type,
    runs: type.runs,
    accepts: type.accepts,
    create(args) {
      check(args);
      return type.create(args);
    },
    update(args, previous) {
      check(args);
      return type.update(args, previous);
    },
    destroy: (state) => type.destroy(state),
  };
}

function busPath(bus: JsonValue | undefined): string {
  return typeof bus === 'string' && bus !== 'default' ? `${bus.split('/').at(-1)}/` : '';
}
