import type { JsonObject } from '../../core/aws-error.ts';
import type { DataSourceType, ResourceState, ResourceType } from '../../core/resource.ts';
import { optionalObject, optionalText, present, requiredText, validationError } from './request-member.ts';

type Call = (operation: string, input: JsonObject) => JsonObject;

const TAGS = {
  tags: 'tags have no effect on one machine',
  tags_all: 'tags have no effect on one machine',
  region: 'the local cloud is one region',
};
const KEY = {
  kms_key_identifier: 'events are kept in the machine owner’s own file, not encrypted with a key',
};

/** The Terraform resource types of EventBridge, each run through the service's own API. */
export function eventsResourceTypes(call: Call): readonly ResourceType[] {
  return [busType(call), ruleType(call), targetType(call), archiveType(call), policyType(call)];
}

/** The Terraform data sources of EventBridge. */
export function eventsDataSources(call: Call): readonly DataSourceType[] {
  return [{ type: 'aws_cloudwatch_event_bus', read: (args) => busAttributes(call, args) }];
}

function busType(call: Call): ResourceType {
  return {
    type: 'aws_cloudwatch_event_bus',
    runs: ['name', 'description'],
    accepts: {
      ...TAGS,
      ...KEY,
      dead_letter_config: 'it is for events that a key keeps from being encrypted',
      log_config: 'the local cloud tells of every event it drops',
    },
    create: (args) => {
      call('CreateEventBus', { Name: requiredText(args, 'name'), Description: args['description'] });
      return busAttributes(call, args);
    },
    update: (args) => {
      call('UpdateEventBus', { Name: requiredText(args, 'name'), Description: args['description'] });
      return busAttributes(call, args);
    },
    destroy: ({ attributes }) => {
      call('DeleteEventBus', { Name: attributes['name'] });
    },
  };
}

function busAttributes(call: Call, args: JsonObject): JsonObject {
  const bus = call('DescribeEventBus', { Name: requiredText(args, 'name') });
  return { ...args, id: bus['Name'], name: bus['Name'], arn: bus['Arn'] };
}

function ruleType(call: Call): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    if (optionalText(args, 'schedule_expression') !== undefined) {
      throw validationError(
        `aws_cloudwatch_event_rule ${args['name']}: the local cloud does not run schedule_expression; ` +
          'use aws_scheduler_schedule.',
      );
    }
    const { RuleArn } = call('PutRule', {
      Name: requiredText(args, 'name'),
      EventBusName: args['event_bus_name'],
      EventPattern: args['event_pattern'],
      State: args['state'],
      Description: args['description'],
      RoleArn: args['role_arn'],
    });
    const bus = args['event_bus_name'] ?? 'default';
    const id = bus === 'default' ? args['name'] : `${bus}/${args['name']}`;
    return { ...args, event_bus_name: bus, arn: RuleArn, id };
  };
  const destroy = (state: ResourceState): void => {
    const { name, event_bus_name } = state.attributes;
    call('DeleteRule', { Name: name, EventBusName: event_bus_name });
  };
  return {
    type: 'aws_cloudwatch_event_rule',
    runs: [
      'name',
      'event_bus_name',
      'event_pattern',
      'state',
      'description',
      'role_arn',
      // It is refused when it is set, with a hint, rather than as an argument that nobody knows.
      'schedule_expression',
    ],
    accepts: { ...TAGS, force_destroy: 'only rules that AWS manages need it' },
    create: put,
    update: (args, previous) => {
      const same = ['name', 'event_bus_name'].every((key) => args[key] === previous.arguments[key]);
      if (!same) destroy(previous);
      return put(args);
    },
    destroy,
  };
}

function targetType(call: Call): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const rule = requiredText(args, 'rule');
    const bus = args['event_bus_name'] ?? 'default';
    const Id = optionalText(args, 'target_id') ?? `terraform-${rule}`;
    call('PutTargets', { Rule: rule, EventBusName: bus, Targets: [apiTarget(args, Id)] });
    return { ...args, event_bus_name: bus, target_id: Id, id: `${bus}-${rule}-${Id}` };
  };
  const destroy = (state: ResourceState): void => {
    const { rule, event_bus_name, target_id } = state.attributes;
    call('RemoveTargets', { Rule: rule, EventBusName: event_bus_name, Ids: [target_id ?? ''] });
  };
  return {
    type: 'aws_cloudwatch_event_target',
    runs: [
      'rule',
      'event_bus_name',
      'target_id',
      'arn',
      'role_arn',
      'input',
      'input_path',
      'input_transformer',
      'retry_policy',
      'dead_letter_config',
      'sqs_target',
    ],
    accepts: { region: TAGS.region, force_destroy: 'only rules that AWS manages need it' },
    create: put,
    update: (args, previous) => {
      const keys = ['rule', 'event_bus_name', 'target_id'];
      if (!keys.every((key) => args[key] === previous.arguments[key])) destroy(previous);
      return put(args);
    },
    destroy,
  };
}

function apiTarget(args: JsonObject, Id: string): JsonObject {
  const transformer = optionalObject(args, 'input_transformer');
  const retry = optionalObject(args, 'retry_policy');
  const deadLetter = optionalObject(args, 'dead_letter_config');
  const sqs = optionalObject(args, 'sqs_target');
  return present({
    Id,
    Arn: args['arn'],
    RoleArn: args['role_arn'],
    Input: args['input'],
    InputPath: args['input_path'],
    InputTransformer:
      transformer &&
      present({ InputPathsMap: transformer['input_paths'], InputTemplate: transformer['input_template'] }),
    RetryPolicy:
      retry &&
      present({
        MaximumEventAgeInSeconds: retry['maximum_event_age_in_seconds'],
        MaximumRetryAttempts: retry['maximum_retry_attempts'],
      }),
    DeadLetterConfig: deadLetter && present({ Arn: deadLetter['arn'] }),
    SqsParameters: sqs && present({ MessageGroupId: sqs['message_group_id'] }),
  });
}

function archiveType(call: Call): ResourceType {
  const input = (args: JsonObject): JsonObject => ({
    ArchiveName: requiredText(args, 'name'),
    EventSourceArn: args['event_source_arn'],
    Description: args['description'],
    EventPattern: args['event_pattern'],
    RetentionDays: args['retention_days'],
  });
  const attributes = (args: JsonObject): JsonObject => {
    const archive = call('DescribeArchive', { ArchiveName: requiredText(args, 'name') });
    return { ...args, id: args['name'], arn: archive['ArchiveArn'] };
  };
  return {
    type: 'aws_cloudwatch_event_archive',
    runs: ['name', 'event_source_arn', 'description', 'event_pattern', 'retention_days'],
    accepts: { region: TAGS.region, ...KEY },
    create: (args) => {
      call('CreateArchive', input(args));
      return attributes(args);
    },
    update: (args) => {
      call('UpdateArchive', input(args));
      return attributes(args);
    },
    destroy: (state) => {
      call('DeleteArchive', { ArchiveName: state.attributes['name'] });
    },
  };
}

function policyType(call: Call): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const bus = args['event_bus_name'] ?? 'default';
    call('UpdateEventBus', { Name: bus, Policy: requiredText(args, 'policy') });
    return { ...args, event_bus_name: bus, id: bus };
  };
  return {
    type: 'aws_cloudwatch_event_bus_policy',
    runs: ['event_bus_name', 'policy'],
    accepts: { region: TAGS.region },
    create: put,
    update: put,
    destroy: (state) => {
      call('UpdateEventBus', { Name: state.attributes['event_bus_name'] ?? 'default', Policy: null });
    },
  };
}
