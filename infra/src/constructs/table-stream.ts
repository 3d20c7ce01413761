import { DataAwsDynamodbTable } from '@cdktf/provider-aws/lib/data-aws-dynamodb-table/index.js';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import { queueDelivery } from '../delivery.ts';
import { TABLE_STREAM_BATCH } from '../delivery-limits.ts';
import { resourceName } from '../names.ts';
import { STREAMED_TABLES } from '../platform-names.ts';
import type { Grantee } from './service-role.ts';
import { StageAlarm } from './stage-alarm.ts';
import type { StageFunction } from './stage-function.ts';
import { DeadLetterQueue } from './stage-queue.ts';
import type { StageStack } from './stage-stack.ts';

/** A batch that fails is tried so often; halving it does not count. */
const MAXIMUM_RETRY_ATTEMPTS = 10;
/** A stream keeps a change for a day; one that waits for an hour is on its way to being lost. */
const LATE_MILLISECONDS = 60 * 60 * 1000;

/** The ARN of the stream of a table that another stage owns. */
export function streamOf(stack: StageStack, table: keyof typeof STREAMED_TABLES): string {
  const { owner, purpose } = STREAMED_TABLES[table];
  return new DataAwsDynamodbTable(stack, `${owner}-${purpose}`, {
    name: resourceName(stack.environment, owner, purpose),
  }).streamArn;
}

/** Lets a role read a table's stream. */
export function grantReadStream(grantee: Grantee, streamArn: string): void {
  grantee.role.allow({
    sid: 'ReadStream',
    actions: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
    resources: [streamArn],
  });
  grantee.role.allowKey(['Decrypt']);
}

export interface StreamFeedProps {
  readonly reader: StageFunction;
  readonly streamArn: string;
  /** Which changes the reader is invoked for: an event pattern on the stream's records. */
  readonly filter: Readonly<Record<string, unknown>>;
}

/**
 * Feeds a function with a table's stream: a batch that fails is halved and tried again, and what cannot be handled
 * lies in a queue and stops nothing behind it.
 *
 * @param purpose the construct id of the mapping
 */
export function feedFromStream(
  stack: StageStack,
  purpose: string,
  { reader, streamArn, filter }: StreamFeedProps,
): void {
  const failed = new DeadLetterQueue(stack, `${purpose}-failed`, {
    says: `Changes of a table could not be handled by ${stack.owner}; the message names their place in the stream.`,
    runbook: 'dead-letters',
  });
  grantReadStream(reader, streamArn);
  reader.role.allowSend('KeepFailedBatches', failed.arn);
  new LambdaEventSourceMapping(stack, purpose, {
    eventSourceArn: streamArn,
    functionName: reader.arn,
    // From the beginning: what was written before this mapping was made counts too.
    startingPosition: 'TRIM_HORIZON',
    filterCriteria: { filter: [{ pattern: JSON.stringify(filter) }] },
    batchSize: TABLE_STREAM_BATCH[queueDelivery(stack.environment, stack.stage.name).mode],
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: MAXIMUM_RETRY_ATTEMPTS,
    functionResponseTypes: ['ReportBatchItemFailures'],
    destinationConfig: { onFailure: { destinationArn: failed.arn } },
    dependsOn: [reader.role.policy],
  });
  new StageAlarm(stack, `${purpose}-stream-age`, {
    says: `${stack.owner} is an hour behind a table's stream.`,
    runbook: 'stream-age',
    namespace: 'AWS/Lambda',
    metric: 'IteratorAge',
    dimensions: { FunctionName: reader.name },
    statistic: 'Maximum',
    above: LATE_MILLISECONDS,
  });
}
