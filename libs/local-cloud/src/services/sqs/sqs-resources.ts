import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../../core/resource.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { optionalText, requiredText } from './members.ts';
import type { Queue } from './queue.ts';

/** The service's side of the resource types. A reference is an ARN, a URL or a name. */
export interface QueueAdministration {
  create(name: string, attributes: JsonObject): Queue;
  change(reference: string, attributes: JsonObject): Queue;
  find(reference: string): Queue | undefined;
  remove(reference: string): void;
}

/** Terraform's argument for each attribute of the API; absent ones go back to AWS's default on update. */
const SETTINGS: Readonly<Record<string, string>> = {
  visibility_timeout_seconds: 'VisibilityTimeout',
  message_retention_seconds: 'MessageRetentionPeriod',
  receive_wait_time_seconds: 'ReceiveMessageWaitTimeSeconds',
  delay_seconds: 'DelaySeconds',
  max_message_size: 'MaximumMessageSize',
  fifo_queue: 'FifoQueue',
};

/** Arguments that a resource of their own may set too, so that absence says nothing. */
const POLICIES: Readonly<Record<string, string>> = {
  redrive_policy: 'RedrivePolicy',
  redrive_allow_policy: 'RedriveAllowPolicy',
  policy: 'Policy',
  kms_master_key_id: 'KmsMasterKeyId',
  kms_data_key_reuse_period_seconds: 'KmsDataKeyReusePeriodSeconds',
  sqs_managed_sse_enabled: 'SqsManagedSseEnabled',
};

const ENCRYPTION = 'messages never leave the machine; the setting is kept and answered';

/** The Terraform resource types of SQS. */
export function sqsResourceTypes(
  context: ServiceContext,
  queues: QueueAdministration,
): readonly ResourceType[] {
  return [
    queueType(context, queues),
    attributeType('aws_sqs_queue_policy', 'policy', queues),
    attributeType('aws_sqs_queue_redrive_policy', 'redrive_policy', queues),
    attributeType('aws_sqs_queue_redrive_allow_policy', 'redrive_allow_policy', queues),
  ];
}

function queueType(context: ServiceContext, queues: QueueAdministration): ResourceType {
  const create = (args: JsonObject): JsonObject => {
    const name = optionalText(args, 'name') ?? `terraform-${context.runtime.uuid()}`;
    return stateOf(args, queues.create(name, { ...pick(args, SETTINGS), ...pick(args, POLICIES) }));
  };
  return {
    type: 'aws_sqs_queue',
    runs: ['name', ...Object.keys(SETTINGS), 'redrive_policy', 'redrive_allow_policy', 'policy'],
    accepts: {
      kms_master_key_id: ENCRYPTION,
      kms_data_key_reuse_period_seconds: ENCRYPTION,
      sqs_managed_sse_enabled: ENCRYPTION,
      tags: 'tags name costs and owners in an account',
    },
    create,
    update(args: JsonObject, previous: ResourceState): JsonObject {
      const reference = requiredText(previous.attributes, 'url');
      const name = optionalText(args, 'name');
      if (name !== undefined && name !== previous.attributes['name']) {
        queues.remove(reference);
        return create(args);
      }
      const defaults = Object.fromEntries(Object.values(SETTINGS).map((attribute) => [attribute, '']));
      const given = { ...defaults, FifoQueue: false, ...pick(args, SETTINGS), ...pick(args, POLICIES) };
      return stateOf(args, queues.change(reference, given));
    },
    destroy: (state) => queues.remove(requiredText(state.attributes, 'url')),
  };
}

/** A resource that sets one attribute of a queue that is there. */
function attributeType(type: string, argument: string, queues: QueueAdministration): ResourceType {
  const attribute = POLICIES[argument] ?? '';
  const set = (args: JsonObject): JsonObject => {
    const url = requiredText(args, 'queue_url');
    queues.change(url, { [attribute]: args[argument] ?? '' });
    return { ...args, id: url };
  };
  return {
    type,
    runs: ['queue_url', argument],
    accepts: {},
    create: set,
    update(args: JsonObject, previous: ResourceState): JsonObject {
      const before = requiredText(previous.attributes, 'queue_url');
      if (before !== args['queue_url'] && queues.find(before) !== undefined) {
        queues.change(before, { [attribute]: '' });
      }
      return set(args);
    },
    destroy(state: ResourceState): void {
      const url = requiredText(state.attributes, 'queue_url');
      if (queues.find(url) !== undefined) queues.change(url, { [attribute]: '' });
    },
  };
}

function pick(args: JsonObject, names: Readonly<Record<string, string>>): Record<string, JsonValue> {
  const picked: Record<string, JsonValue> = {};
  for (const [argument, attribute] of Object.entries(names)) {
    const value = args[argument];
    if (value !== undefined && value !== null) picked[attribute] = value;
  }
  return picked;
}

function stateOf(args: JsonObject, queue: Queue): JsonObject {
  return { ...args, id: queue.url, url: queue.url, arn: queue.arn, name: queue.name };
}
