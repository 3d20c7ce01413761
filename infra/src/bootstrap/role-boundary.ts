import type { Environment } from '@payments/schemas';
import { OF_NO_RESOURCE } from '../iam-policy.ts';
import { arnOf, resourceName } from '../names.ts';
import { allNamed, allUnnamed, type CiStatement, namePrefix, onOurKeys } from './ci-permission.ts';

/** What it is named, within what bootstrap makes. */
export const BOUNDARY_PURPOSE = 'boundary';

/** The policy that no role of an environment's stacks can exceed, whatever its own policies say. */
export function boundaryArn(environment: Environment): string {
  return `arn:aws:iam::${environment.accountId}:policy/${resourceName(environment, 'bootstrap', BOUNDARY_PURPOSE)}`;
}

/**
 * What roles of stages can be granted at most: work on data of their own environment. No role can be granted to make,
 * change or remove resources or identities. Each role's own policy says which of it, on which resource.
 */
export function boundaryStatements(environment: Environment, stateBucketArn: string): readonly CiStatement[] {
  const objects = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject'];
  return [
    {
      sid: 'Tables',
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:DescribeStream',
        'dynamodb:GetItem',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:UpdateItem',
      ],
      resources: allNamed('dynamodb', 'table/')(environment),
    },
    {
      sid: 'Queues',
      actions: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      resources: allNamed('sqs')(environment),
    },
    {
      sid: 'Events',
      actions: ['events:CancelReplay', 'events:DescribeReplay', 'events:PutEvents', 'events:StartReplay'],
      resources: [
        ...['archive/', 'event-bus/', 'rule/'].flatMap((kind) => allNamed('events', kind)(environment)),
        // A replay is named by whoever starts it.
        ...allUnnamed('events', 'replay/')(environment),
      ],
    },
    {
      sid: 'Work',
      actions: ['lambda:InvokeFunction', 'sns:Publish', 'states:StartExecution'],
      resources: [
        ...allNamed('lambda', 'function:')(environment),
        ...allNamed('sns')(environment),
        ...allNamed('states', 'stateMachine:')(environment),
      ],
    },
    {
      sid: 'Objects',
      actions: objects,
      resources: [`arn:aws:s3:::${namePrefix(environment)}*`],
    },
    {
      effect: 'Deny',
      sid: 'NoState',
      actions: objects,
      resources: [stateBucketArn, `${stateBucketArn}/*`],
    },
    {
      sid: 'Keys',
      actions: ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
        (use) => `kms:${use}`,
      ),
      resources: allUnnamed('kms', 'key/')(environment),
      conditions: onOurKeys(environment),
    },
    {
      sid: 'Logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: allNamed('logs', 'log-group:/aws/lambda/')(environment),
    },
    {
      // Read by their names, which are a bank's own.
      sid: 'Secrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [arnOf(environment, 'secretsmanager', 'secret:*')],
    },
    {
      sid: 'OfNoResource',
      actions: OF_NO_RESOURCE.flatMap(({ actions }) => actions),
      resources: ['*'],
    },
  ];
}
