import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { arnOf, resourceName } from '@payments/infra/names';
import type { Connection } from './connection.ts';
import { invokeReconcile, ReconcileRefusedError } from './reconcile-functions.ts';

/** How many rows of the ledger one invocation gets, far below what an invocation may carry. */
const LEDGER_BATCH = 100;
const POLL_MS = 1_000;

/** Gives the rule of reconcile, and no other, all that the archive has; comes back when it has been given. */
export async function replayToReconcile({ events, environment }: Connection, until: number): Promise<void> {
  const name = (purpose: string): string => resourceName(environment, 'platform', purpose);
  const ArchiveName = name('archive');
  const { CreationTime, ArchiveArn } = await events.send(new DescribeArchiveCommand({ ArchiveName }));
  const rule = `rule/${name('bus')}/${resourceName(environment, 'reconcile', 'subscription')}`;
  const ReplayName = `reconcile-rebuild-${Date.now()}`;
  await events.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: ArchiveArn ?? arnOf(environment, 'events', `archive/${ArchiveName}`),
      EventStartTime: CreationTime ?? new Date(0),
      EventEndTime: new Date(),
      Destination: {
        Arn: arnOf(environment, 'events', `event-bus/${name('bus')}`),
        FilterArns: [arnOf(environment, 'events', rule)],
      },
    }),
  );
  await reached(until, 'the replay to end', async () => {
    const { State, StateReason } = await events.send(new DescribeReplayCommand({ ReplayName }));
    if (State === 'FAILED' || State === 'CANCELLED')
      throw new ReconcileRefusedError('ReplayFailed', `The replay ended: ${StateReason ?? State}.`);
    return State === 'COMPLETED';
  });
}

/** Gives reconcile the rows by which the ledger says that sequences are booked; tells how many. */
export async function readLedgerToReconcile(connection: Connection): Promise<number> {
  const client = new DynamoDBClient(connection.configuration);
  const input = {
    TableName: resourceName(connection.environment, 'posting', 'ledger'),
    FilterExpression: '#position = :sequence',
    ExpressionAttributeNames: { '#position': 'position' },
    ExpressionAttributeValues: { ':sequence': { S: 'SEQUENCE' } },
  };
  let sequences = 0;
  try {
    for await (const { Items = [] } of paginateScan({ client }, input)) {
      for (let start = 0; start < Items.length; start += LEDGER_BATCH)
        await tellRows(connection, Items.slice(start, start + LEDGER_BATCH));
      sequences += Items.length;
    }
  } finally {
    client.destroy();
  }
  return sequences;
}

/** Rows as the ledger's stream would give them. */
async function tellRows(
  connection: Connection,
  rows: readonly Record<string, AttributeValue>[],
): Promise<void> {
  const Records = rows.map((NewImage, index) => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: String(index), NewImage },
  }));
  const { batchItemFailures = [] } = await invokeReconcile<{ batchItemFailures?: unknown[] }>(
    connection,
    'ledger',
    { Records },
  );
  if (batchItemFailures.length > 0)
    throw new ReconcileRefusedError(
      'RowsNotTaken',
      'Reconcile did not take rows of the ledger: run it once more.',
    );
}

/** Comes back when what was replayed has been taken in. */
export async function queueEmpty({ sqs, environment }: Connection, until: number): Promise<void> {
  const QueueName = resourceName(environment, 'reconcile', 'queue');
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  await reached(until, 'the queue of reconcile to empty', async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).every((count) => Number(count) === 0);
  });
}

/** @throws ReconcileRefusedError when the time is over first */
async function reached(until: number, what: string, isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached())) {
    if (Date.now() > until)
      throw new ReconcileRefusedError(
        'NotInTime',
        `Waiting for ${what} took too long: it goes on by itself; "payments reconcile status" shows how it stands.`,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
