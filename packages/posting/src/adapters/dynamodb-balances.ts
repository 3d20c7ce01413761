import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { PostingUnknownError } from '../errors.ts';
import { type Fold, foldsOf } from '../fold-balances.ts';
import type { SequenceRow } from '../ledger-row.ts';
import type { Balances, Clock } from '../ports.ts';
import { backOffMs } from './dynamodb-batches.ts';

/** TransactWriteItems takes at most this many actions (DynamoDB API reference). */
const TRANSACT_WRITE_MAX = 100;
/** How often a fold that another one crossed is tried again. */
const ATTEMPTS = 6;
/** A stream gives a record for 24 hours at most, so a marker that is a week old is never asked for again. */
const MARKER_SECONDS = 7 * 86_400;

/**
 * Balances as rows `BALANCE#<account>#<currency>`. In one transaction with the additions, a marker
 * `FOLDED#<sequence>` is put for each sequence on the condition that it is not there, so that a sequence is
 * added exactly once although a stream may give its row again.
 */
export class DynamoDbBalances implements Balances {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  async fold(rows: readonly SequenceRow[]): Promise<{ readonly folded: number; readonly cause?: unknown }> {
    const distinct = new Map(rows.map((row) => [row.sequenceId, row]));
    let folded = 0;
    for (const fold of foldsOf([...distinct.values()], TRANSACT_WRITE_MAX)) {
      try {
        await this.#apply(fold, distinct);
      } catch (cause) {
        return { folded, cause };
      }
      folded = rows.findLastIndex(({ sequenceId }) => fold.sequenceIds.includes(sequenceId)) + 1;
    }
    return { folded: rows.length };
  }

  async #apply(fold: Fold, rows: ReadonlyMap<string, SequenceRow>): Promise<void> {
    let pending = fold;
    let cause: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        await this.#documents.send(new TransactWriteCommand({ TransactItems: this.#writes(pending) }));
        return;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        cause = error;
        const reasons = error.CancellationReasons ?? [];
        const fresh = pending.sequenceIds.filter(
          (_id, index) => reasons[index]?.Code !== 'ConditionalCheckFailed',
        );
        const [again] = foldsOf(
          fresh.flatMap((id) => rows.get(id) ?? []),
          Number.POSITIVE_INFINITY,
        );
        if (again === undefined) return;
        // Nothing was folded before: another fold crossed this one on an account.
        if (fresh.length === pending.sequenceIds.length) await this.#clock.sleep(backOffMs(attempt + 1));
        pending = again;
      }
    }
    throw new PostingUnknownError(pending.sequenceIds[0] ?? '', cause);
  }

  #writes({ sequenceIds, changes }: Fold) {
    const TableName = this.#table;
    const expiresAt = Math.floor(this.#clock.now() / 1000) + MARKER_SECONDS;
    const markers = sequenceIds.map((sequenceId) => ({
      Put: {
        TableName,
        Item: { id: `FOLDED#${sequenceId}`, expiresAt },
        // The sequence is added once.
        ConditionExpression: 'attribute_not_exists(id)',
      },
    }));
    const additions = changes.map(({ accountId, currency, role, debits, credits, entries }) => ({
      Update: {
        TableName,
        Key: { id: `BALANCE#${accountId}#${currency}` },
        UpdateExpression:
          'SET accountId = :accountId, currency = :currency, #role = :role ADD debits :debits, credits :credits, entries :entries',
        ExpressionAttributeNames: { '#role': 'role' },
        ExpressionAttributeValues: {
          ':accountId': accountId,
          ':currency': currency,
          ':role': role,
          ':debits': debits,
          ':credits': credits,
          ':entries': entries,
        },
      },
    }));
    return [...markers, ...additions];
  }
}
