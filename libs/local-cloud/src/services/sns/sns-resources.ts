import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Account, DataSourceType, ResourceState, ResourceType } from '../../core/resource.ts';
import type { Runtime } from '../../core/runtime.ts';
import { optionalBoolean, optionalText, requiredText } from '../sqs/members.ts';
import type { Protocol, Subscription, TopicRegistry } from './topic-registry.ts';

const PROTOCOLS: ReadonlySet<string> = new Set<Protocol>(['email', 'lambda', 'sqs']);
const TAGS = 'Nobody bills one machine by tags.';
const ENCRYPTION = 'Messages never leave the machine.';

/** The Terraform resources of SNS. */
export function snsResources(account: Account, runtime: Runtime, topics: TopicRegistry): ResourceType[] {
  return [topicType(account, topics), topicPolicyType(topics), subscriptionType(runtime, topics)];
}

/** The `aws_sns_topic` data source: a topic by name. */
export function topicSource(account: Account, topics: TopicRegistry): DataSourceType {
  return {
    type: 'aws_sns_topic',
    read(args: JsonObject): JsonObject {
      const name = requiredText(args, 'name');
      const { arn } = topics.getTopic(topicArn(account, name));
      return { id: arn, arn, name };
    },
  };
}

function topicType(account: Account, topics: TopicRegistry): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'name');
    if (optionalBoolean(args, 'fifo_topic') === true) {
      throw new AwsError('InvalidParameter', 'FIFO topics are not run by the local cloud.');
    }
    const arn = topicArn(account, name);
    const before = topics.findTopic(arn);
    topics.putTopic({
      arn,
      name,
      policy: optionalText(args, 'policy') ?? before?.policy,
      displayName: optionalText(args, 'display_name') ?? '',
    });
    return { id: arn, arn, name, owner: account.id };
  };
  return {
    type: 'aws_sns_topic',
    runs: ['name', 'policy', 'display_name', 'fifo_topic'],
    accepts: { kms_master_key_id: ENCRYPTION, signature_version: 'Nothing is signed here.', tags: TAGS },
    create: put,
    update: put,
    destroy: (state) => topics.removeTopic(requiredText(state.attributes, 'arn')),
  };
}

function topicPolicyType(topics: TopicRegistry): ResourceType {
  const set = (arn: string, policy: string | undefined): JsonObject => {
    topics.putTopic({ ...topics.getTopic(arn), policy });
    return { id: arn };
  };
  const put = (args: JsonObject): JsonObject => set(requiredText(args, 'arn'), requiredText(args, 'policy'));
  return {
    type: 'aws_sns_topic_policy',
    runs: ['arn', 'policy'],
    accepts: {},
    create: put,
    update: put,
    destroy(state): void {
      const arn = requiredText(state.arguments, 'arn');
      if (topics.findTopic(arn) !== undefined) set(arn, undefined);
    },
  };
}

function subscriptionType(runtime: Runtime, topics: TopicRegistry): ResourceType {
  const put = (args: JsonObject, arn: string): JsonObject => {
    const subscription = readSubscription(args, arn);
    topics.getTopic(subscription.topicArn);
    topics.putSubscription(subscription);
    return { id: arn, arn, pending_confirmation: false };
  };
  return {
    type: 'aws_sns_topic_subscription',
    runs: [
      'topic_arn',
      'protocol',
      'endpoint',
      'raw_message_delivery',
      'filter_policy',
      'filter_policy_scope',
      'redrive_policy',
    ],
    accepts: {
      confirmation_timeout_in_minutes: 'Nothing has to be confirmed here.',
      endpoint_auto_confirms: 'Nothing has to be confirmed here.',
    },
    create: (args) => put(args, `${requiredText(args, 'topic_arn')}:${runtime.uuid()}`),
    update: (args, previous: ResourceState) => put(args, requiredText(previous.attributes, 'arn')),
    destroy: (state) => topics.removeSubscription(requiredText(state.attributes, 'arn')),
  };
}

function readSubscription(args: JsonObject, arn: string): Subscription {
  const protocol = requiredText(args, 'protocol');
  if (!isProtocol(protocol)) {
    throw new AwsError('InvalidParameter', `The protocol ${protocol} is not run by the local cloud.`);
  }
  return {
    arn,
    topicArn: requiredText(args, 'topic_arn'),
    protocol,
    endpoint: requiredText(args, 'endpoint'),
    raw: optionalBoolean(args, 'raw_message_delivery') ?? false,
    filterPolicy: optionalText(args, 'filter_policy'),
    filterScope:
      optionalText(args, 'filter_policy_scope') === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
    deadLetterArn: deadLetterOf(optionalText(args, 'redrive_policy')),
  };
}

function deadLetterOf(redrivePolicy: string | undefined): string | undefined {
  return redrivePolicy === undefined
    ? undefined
    : requiredText(JSON.parse(redrivePolicy), 'deadLetterTargetArn');
}

function isProtocol(protocol: string): protocol is Protocol {
  return PROTOCOLS.has(protocol);
}

function topicArn(account: Account, name: string): string {
  return `arn:aws:sns:${account.region}:${account.id}:${name}`;
}
