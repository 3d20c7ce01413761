import { CloudwatchEventArchive } from '@cdktf/provider-aws/lib/cloudwatch-event-archive/index.js';
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js';
import { SchemasRegistry } from '@cdktf/provider-aws/lib/schemas-registry/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import type { Environment } from '@payments/schemas';
import type { App } from 'cdktf';
import { CustomerKey } from './constructs/customer-key.ts';
import { EnvironmentDashboard } from './constructs/environment-dashboard.ts';
import { PaymentsStack } from './constructs/payments-stack.ts';
import { StageBucket } from './constructs/stage-bucket.ts';
import { DeadLetterQueue } from './constructs/stage-queue.ts';
import { type KeyStatement, type ResourceStatement, resourcePolicy, tlsOnly } from './iam-policy.ts';
import { arnOf, keyAlias } from './names.ts';
import { OUR_EVENTS } from './stages.ts';

/** What all stages stand on: the bus with its archive, the key, the topics, the quarantine, the registry of contracts. */
export class PlatformStack extends PaymentsStack {
  readonly keyArn: string;

  constructor(app: App, environment: Environment) {
    super(app, 'platform', environment);
    this.keyArn = new CustomerKey(this, 'key', {
      alias: keyAlias(environment),
      description: `Everything that the ${environment.system} system of ${environment.name} holds`,
      accountId: environment.accountId,
      protectData: environment.protectData,
      services: servicesThatUseTheKey(environment),
    }).arn;
    this.#bus();
    this.#topic('alarms', [
      {
        sid: 'Alarms',
        principal: { service: 'cloudwatch.amazonaws.com' },
        actions: ['sns:Publish'],
        resources: [this.platform.alarmTopicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': environment.accountId } },
      },
    ]);
    this.#topic('notifications', []);
    new StageBucket(this, 'quarantine', { retentionDays: environment.parkedRetentionDays });
    new EnvironmentDashboard(this, 'dashboard');
    new SchemasRegistry(this, 'contracts', {
      name: this.platform.contractRegistryName,
      description: 'What is said on the bus, by the stages that say it',
    });
  }

  #bus(): void {
    const undecryptable = new DeadLetterQueue(this, 'undecryptable', {
      says: 'The bus could not use its key for an event.',
      runbook: 'undelivered-events',
    });
    undecryptable.acceptFrom('TakeUndecryptable', this.platform.busArn);
    const bus = new CloudwatchEventBus(this, 'bus', {
      name: this.platform.busName,
      description: 'Every event of a transaction, from its authorization to its reconciliation',
      kmsKeyIdentifier: this.keyArn,
      deadLetterConfig: { arn: undecryptable.arn },
    });
    new CloudwatchEventArchive(this, 'archive', {
      name: this.nameOf('archive'),
      description: 'What a subscriber missed can be replayed from here',
      eventSourceArn: bus.arn,
      eventPattern: JSON.stringify(OUR_EVENTS),
      retentionDays: this.environment.archiveRetentionDays,
      kmsKeyIdentifier: this.keyArn,
    });
  }

  #topic(purpose: 'alarms' | 'notifications', senders: readonly ResourceStatement[]): void {
    const topic = new SnsTopic(this, purpose, { name: this.nameOf(purpose), kmsMasterKeyId: this.keyArn });
    new SnsTopicPolicy(this, `${purpose}-policy`, {
      arn: topic.arn,
      policy: resourcePolicy([tlsOnly('sns:Publish', [topic.arn]), ...senders]),
    });
  }
}

/** AWS services that use the key by themselves; all others use it with the permissions of who calls them. */
function servicesThatUseTheKey(environment: Environment): readonly KeyStatement[] {
  const { accountId, region, system, name } = environment;
  const ours = { StringEquals: { 'aws:SourceAccount': accountId } };
  const logGroups = (group: string): string =>
    arnOf(environment, 'logs', `log-group:${group}/${system}-${name}-*`);
  return [
    {
      // The bus and its archive keep events; rules send them to queues that the key encrypts.
      sid: 'Events',
      principal: { service: 'events.amazonaws.com' },
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      conditions: ours,
    },
    {
      // Alarms go to a topic that the key encrypts.
      sid: 'Alarms',
      principal: { service: 'cloudwatch.amazonaws.com' },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      conditions: ours,
    },
    {
      // Buckets tell of their objects through queues that the key encrypts.
      sid: 'BucketNotifications',
      principal: { service: 's3.amazonaws.com' },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      conditions: ours,
    },
    {
      // A workflow's logs come encrypted by its key to where they are delivered from (Step Functions developer guide,
      // "Data at rest encryption").
      sid: 'WorkflowLogs',
      principal: { service: 'delivery.logs.amazonaws.com' },
      actions: ['kms:Decrypt'],
      conditions: { StringEquals: { 'kms:EncryptionContext:SourceArn': arnOf(environment, 'logs', '*') } },
    },
    {
      sid: 'Logs',
      principal: { service: `logs.${region}.amazonaws.com` },
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': [
            logGroups('/aws/lambda'),
            logGroups('/aws/vendedlogs/states'),
          ],
        },
      },
    },
  ];
}
