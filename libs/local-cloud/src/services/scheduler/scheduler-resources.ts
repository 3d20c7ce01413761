import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../../core/resource.ts';
import { block, optionalText, requiredText } from '../sqs/members.ts';
import { DEFAULT_GROUP } from './schedule.ts';

const CODE = 'ValidationException';

/** Terraform's arguments for members of CreateSchedule. */
const MEMBERS: Readonly<Record<string, string>> = {
  name: 'Name',
  group_name: 'GroupName',
  schedule_expression: 'ScheduleExpression',
  schedule_expression_timezone: 'ScheduleExpressionTimezone',
  start_date: 'StartDate',
  end_date: 'EndDate',
  state: 'State',
  description: 'Description',
  action_after_completion: 'ActionAfterCompletion',
};

/** The Terraform resource types of Scheduler. @param run carries out an operation of the API */
export function schedulerResourceTypes(
  run: (operation: string, input: JsonObject) => JsonObject,
): readonly ResourceType[] {
  const create = (args: JsonObject): JsonObject => stateOf(args, run('CreateSchedule', members(args)));
  const destroy = (state: ResourceState): void => {
    run('DeleteSchedule', members(state.attributes));
  };
  const scheduleType: ResourceType = {
    type: 'aws_scheduler_schedule',
    runs: [...Object.keys(MEMBERS), 'flexible_time_window', 'target'],
    accepts: { kms_key_arn: 'inputs never leave the machine' },
    create,
    update(args: JsonObject, previous: ResourceState): JsonObject {
      const moved = ['name', 'group_name'].some(
        (name) => (args[name] ?? DEFAULT_GROUP) !== (previous.attributes[name] ?? DEFAULT_GROUP),
      );
      if (!moved) return stateOf(args, run('UpdateSchedule', members(args)));
      destroy(previous);
      return create(args);
    },
    destroy,
  };
  const createGroup = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'name', CODE);
    const { ScheduleGroupArn: arn } = run('CreateScheduleGroup', { Name: name });
    return { ...args, id: name, arn, state: 'ACTIVE' };
  };
  const groupType: ResourceType = {
    type: 'aws_scheduler_schedule_group',
    runs: ['name'],
    accepts: { tags: 'tags name costs and owners in an account' },
    create: createGroup,
    update: (args) => createGroup(args),
    destroy: (state) => {
      run('DeleteScheduleGroup', { Name: requiredText(state.attributes, 'name', CODE) });
    },
  };
  return [scheduleType, groupType];
}

function members(args: JsonObject): JsonObject {
  const input: Record<string, JsonValue> = {};
  for (const [argument, member] of Object.entries(MEMBERS)) {
    const value = args[argument];
    if (value !== undefined && value !== null) input[member] = value;
  }
  const window = block(args, 'flexible_time_window') ?? {};
  input['FlexibleTimeWindow'] = {
    Mode: window['mode'],
    MaximumWindowInMinutes: window['maximum_window_in_minutes'],
  };
  input['Target'] = targetMembers(block(args, 'target') ?? {});
  return input;
}

function targetMembers(target: JsonObject): JsonObject {
  const retry = block(target, 'retry_policy') ?? {};
  const bus = block(target, 'eventbridge_parameters');
  return {
    Arn: target['arn'],
    RoleArn: target['role_arn'],
    Input: target['input'],
    RetryPolicy: {
      MaximumEventAgeInSeconds: retry['maximum_event_age_in_seconds'],
      MaximumRetryAttempts: retry['maximum_retry_attempts'],
    },
    DeadLetterConfig: { Arn: block(target, 'dead_letter_config')?.['arn'] },
    EventBridgeParameters: bus && { DetailType: bus['detail_type'], Source: bus['source'] },
    EcsParameters: block(target, 'ecs_parameters'),
    KinesisParameters: block(target, 'kinesis_parameters'),
    SageMakerPipelineParameters: block(target, 'sagemaker_pipeline_parameters'),
    SqsParameters: block(target, 'sqs_parameters'),
  };
}

function stateOf(args: JsonObject, answer: JsonObject): JsonObject {
  const group = optionalText(args, 'group_name', CODE) ?? DEFAULT_GROUP;
  const name = requiredText(args, 'name', CODE);
  return { ...args, id: `${group}/${name}`, arn: answer['ScheduleArn'], group_name: group };
}
