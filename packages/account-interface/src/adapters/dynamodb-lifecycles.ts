import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { LifecycleTooLongError } from '../errors.ts';
import type { Follower, Original } from '../lifecycle.ts';
import {
  authorizationOf,
  DUE_KEYS,
  dueKeyOf,
  FOLLOWER_PREFIX,
  type Keeping,
  type LifecycleRow,
  lifecycleOf,
  nextDue,
  originalKey,
  originalRow,
  STATE_POSITION,
  secondsAfter,
  stateRow,
} from '../lifecycle-rows.ts';
import type { Clock, DueLifecycle, Lifecycles, ReadLifecycle } from '../ports.ts';
import { batchGetAll, batchPutAll } from './dynamodb-batches.ts';

const DUE_INDEX = 'due';
/** A state changes when a follower is registered and when it is decided; its row, 400 KB at most (DynamoDB developer
 * guide, "Quotas"), has room for half as many followers. */
const VERSION_MAX = 100;

/** How rows are kept, and who tells the time. */
export interface LifecycleTable extends Keeping {
  readonly name: string;
  readonly clock: Clock;
}

/**
 * Life cycles as rows of one table: a row for each original, which never changes, and one for the state, of which
 * the version is a condition of every change.
 */
export class DynamoDbLifecycles implements Lifecycles {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: LifecycleTable;

  constructor(documents: DynamoDBDocumentClient, table: LifecycleTable) {
    this.#documents = documents;
    this.#table = table;
  }

  async keep(originals: readonly Original[]): Promise<void> {
    const rows = originals.map((original) => originalRow(original, this.#table));
    const distinct = new Map(rows.map((row) => [`${row.lifecycleId} ${row.position}`, row]));
    await batchPutAll(this.#documents, this.#table.name, [...distinct.values()], this.#table.clock);
  }

  async register(follower: Follower): Promise<void> {
    const { lifecycleId, transactionId, loggedAt } = follower.message;
    try {
      await this.#documents.send(
        new UpdateCommand({
          TableName: this.#table.name,
          Key: { lifecycleId, position: STATE_POSITION },
          UpdateExpression:
            'SET #follower = :follower, expiresAt = :expiresAt, due = if_not_exists(due, :due), ' +
            'dueAt = if_not_exists(dueAt, :dueAt) ADD version :one',
          // A follower is registered once, and a life cycle has an end.
          ConditionExpression:
            'attribute_not_exists(#follower) AND (attribute_not_exists(version) OR version < :max)',
          ExpressionAttributeNames: { '#follower': `${FOLLOWER_PREFIX}${transactionId}` },
          ExpressionAttributeValues: {
            ':follower': follower,
            ':expiresAt': secondsAfter(Date.parse(loggedAt), this.#table.retentionDays),
            ':due': dueKeyOf(transactionId),
            ':dueAt': follower.since + this.#table.windowMs,
            ':one': 1,
            ':max': VERSION_MAX,
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item?.[`${FOLLOWER_PREFIX}${transactionId}`] === undefined)
        throw new LifecycleTooLongError(lifecycleId, VERSION_MAX / 2);
    }
  }

  async withFollowers(lifecycleIds: readonly string[]): Promise<ReadonlySet<string>> {
    const request = {
      Keys: lifecycleIds.map((lifecycleId) => ({ lifecycleId, position: STATE_POSITION })),
      ProjectionExpression: 'lifecycleId',
    };
    const rows = await batchGetAll(this.#documents, this.#table.name, request, this.#table.clock);
    return new Set(rows.map(({ lifecycleId }) => String(lifecycleId)));
  }

  async read(lifecycleId: string): Promise<ReadLifecycle> {
    const rows: LifecycleRow[] = [];
    const query = {
      TableName: this.#table.name,
      KeyConditionExpression: 'lifecycleId = :lifecycleId',
      ExpressionAttributeValues: { ':lifecycleId': lifecycleId },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#documents }, query))
      rows.push(...(Items as LifecycleRow[]));
    return lifecycleOf(lifecycleId, rows);
  }

  async replace(lifecycle: ReadLifecycle, due: 'keep' | 'renew'): Promise<boolean> {
    const dueAt = due === 'keep' ? lifecycle.dueAt : nextDue(lifecycle, this.#table, 0);
    return this.#putState(lifecycle, dueAt);
  }

  async due(now: number, max: number): Promise<readonly DueLifecycle[]> {
    const found: DueLifecycle[] = [];
    for (const due of DUE_KEYS) {
      if (found.length >= max) break;
      const { Items = [] } = await this.#documents.send(
        new QueryCommand({
          TableName: this.#table.name,
          IndexName: DUE_INDEX,
          KeyConditionExpression: 'due = :due AND dueAt <= :now',
          ExpressionAttributeValues: { ':due': due, ':now': now },
          Limit: max - found.length,
        }),
      );
      for (const { lifecycleId, position } of Items as LifecycleRow[]) {
        const authorizationId = authorizationOf(position);
        found.push({ lifecycleId, ...(authorizationId !== undefined && { authorizationId }) });
      }
    }
    return found;
  }

  async settleDue({ authorizationId }: DueLifecycle, lifecycle: ReadLifecycle, now: number): Promise<void> {
    if (authorizationId === undefined) {
      // Where a follower was registered since, the state stays on the list and is looked at again.
      await this.#putState(lifecycle, nextDue(lifecycle, this.#table, now));
      return;
    }
    await this.#documents.send(
      new UpdateCommand({
        TableName: this.#table.name,
        Key: originalKey(lifecycle.lifecycleId, authorizationId),
        UpdateExpression: 'REMOVE due, dueAt',
        ConditionExpression: 'attribute_exists(lifecycleId)',
      }),
    );
  }

  async #putState(lifecycle: ReadLifecycle, dueAt: number | undefined): Promise<boolean> {
    const { version } = lifecycle;
    try {
      await this.#documents.send(
        new PutCommand({
          TableName: this.#table.name,
          Item: stateRow(lifecycle, dueAt, this.#table),
          // Nobody has changed the state since it was read.
          ...(version === 0
            ? { ConditionExpression: 'attribute_not_exists(version)' }
            : {
                ConditionExpression: 'version = :version',
                ExpressionAttributeValues: { ':version': version },
              }),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  }
}
