import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../core/aws-error.ts';
import type { ServiceName } from '../../../core/service.ts';
import { requiredPermissions } from './required-permissions.ts';

const permissions = requiredPermissions({ id: '0', region: 'r' }, () => 'arn:aws:kms:r:0:key/k');

describe('what a call needs', () => {
  it.each<[ServiceName, string, JsonObject, readonly [string, string][]]>([
    ['schemas', 'ListRegistries', {}, [['schemas:ListRegistries', '*']]],
    [
      'schemas',
      'ListSchemas',
      { RegistryName: 'g' },
      [['schemas:ListSchemas', 'arn:aws:schemas:r:0:registry/g']],
    ],
    [
      'schemas',
      'DescribeSchema',
      { RegistryName: 'g', SchemaName: 'a@B' },
      [['schemas:DescribeSchema', 'arn:aws:schemas:r:0:schema/g/a@B']],
    ],
    ['dynamodb', 'PutItem', { TableName: 't' }, [['dynamodb:PutItem', 'arn:aws:dynamodb:r:0:table/t']]],
    [
      'dynamodb',
      'Query',
      { TableName: 'arn:aws:dynamodb:r:0:table/t', IndexName: 'i' },
      [['dynamodb:Query', 'arn:aws:dynamodb:r:0:table/t/index/i']],
    ],
    [
      'dynamodb',
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 't' } },
          { Put: { TableName: 't' } },
          { ConditionCheck: { TableName: 'u' } },
        ],
      },
      [
        ['dynamodb:PutItem', 'arn:aws:dynamodb:r:0:table/t'],
        ['dynamodb:ConditionCheckItem', 'arn:aws:dynamodb:r:0:table/u'],
      ],
    ],
    [
      'dynamodb',
      'BatchWriteItem',
      { RequestItems: { t: [], u: [] } },
      [
        ['dynamodb:BatchWriteItem', 'arn:aws:dynamodb:r:0:table/t'],
        ['dynamodb:BatchWriteItem', 'arn:aws:dynamodb:r:0:table/u'],
      ],
    ],
    [
      'sqs',
      'SendMessageBatch',
      { QueueUrl: 'https://sqs.r.amazonaws.com/0/q' },
      [['sqs:SendMessage', 'arn:aws:sqs:r:0:q']],
    ],
    ['sns', 'PublishBatch', { TopicArn: 'arn:aws:sns:r:0:t' }, [['sns:Publish', 'arn:aws:sns:r:0:t']]],
    ['s3', 'HeadObject', { Bucket: 'b', Key: 'k/1' }, [['s3:GetObject', 'arn:aws:s3:::b/k/1']]],
    ['s3', 'ListObjectsV2', { Bucket: 'b' }, [['s3:ListBucket', 'arn:aws:s3:::b']]],
    ['kms', 'GenerateDataKey', { KeyId: 'alias/x' }, [['kms:GenerateDataKey', 'arn:aws:kms:r:0:key/k']]],
    ['lambda', 'Invoke', { FunctionName: 'f' }, [['lambda:InvokeFunction', 'arn:aws:lambda:r:0:function:f']]],
    ['states', 'StartExecution', { stateMachineArn: 'm' }, [['states:StartExecution', 'm']]],
    [
      'logs',
      'PutLogEvents',
      { logGroupName: '/aws/lambda/f', logStreamName: 's' },
      [['logs:PutLogEvents', 'arn:aws:logs:r:0:log-group:/aws/lambda/f:log-stream:s']],
    ],
    [
      'events',
      'DescribeRule',
      { Name: 'x', EventBusName: 'payments' },
      [['events:DescribeRule', 'arn:aws:events:r:0:rule/payments/x']],
    ],
  ])('%s:%s', (service, operation, input, expected) => {
    const needed = permissions(service, operation, input);
    expect(needed.map(({ action, resource }) => [action, resource])).toEqual(expected);
  });

  it('gives source and detail type of events, once for all that are alike', () => {
    const entry = { EventBusName: 'payments', Source: 'payments.enrich', DetailType: 'TransactionEnriched' };
    expect(
      permissions('events', 'PutEvents', { Entries: [entry, entry, { ...entry, DetailType: 'Other' }] }),
    ).toEqual([
      {
        action: 'events:PutEvents',
        resource: 'arn:aws:events:r:0:event-bus/payments',
        context: { 'events:source': 'payments.enrich', 'events:detail-type': 'TransactionEnriched' },
      },
      {
        action: 'events:PutEvents',
        resource: 'arn:aws:events:r:0:event-bus/payments',
        context: { 'events:source': 'payments.enrich', 'events:detail-type': 'Other' },
      },
    ]);
  });
});
