import type { JsonObject } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import { arn, type Permission, text } from './permission.ts';

const BATCH = /Batch$/;

/** What SQS's operations need; a batch needs what its single operation needs. */
export function sqsPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const name = text(input, 'QueueUrl').split('/').at(-1) ?? '';
  switch (operation) {
    case 'GetQueueUrl':
      return [{ action: 'sqs:GetQueueUrl', resource: arn(account, 'sqs', '', text(input, 'QueueName')) }];
    case 'ListQueues':
      return [{ action: 'sqs:ListQueues', resource: '*' }];
    case 'StartMessageMoveTask':
    case 'ListMessageMoveTasks':
      return [{ action: `sqs:${operation}`, resource: text(input, 'SourceArn') }];
    default:
      return [{ action: `sqs:${operation.replace(BATCH, '')}`, resource: arn(account, 'sqs', '', name) }];
  }
}

/** What SNS's operations need. */
export function snsPermissions(operation: string, input: JsonObject): Permission[] {
  const resource =
    text(input, 'TopicArn') || text(input, 'TargetArn') || text(input, 'SubscriptionArn') || '*';
  return [{ action: `sns:${operation.replace(BATCH, '')}`, resource }];
}
