import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CompleteSequence, PostedSequence } from '../complete-sequence.ts';
import { PostingUnknownError } from '../errors.ts';
import {
  entryRowsOf,
  postedSequenceOf,
  refusalOf,
  SEQUENCE_POSITION,
  type SequenceRow,
  sequenceRowOf,
} from '../ledger-row.ts';
import type { Clock, PostingResult, PostingSystem } from '../ports.ts';
import { backOffMs, batchGetAll } from './dynamodb-batches.ts';

/** TransactWriteItems takes at most this many actions (DynamoDB API reference). */
const TRANSACT_WRITE_MAX = 100;
/** How often what is left of a cancelled transaction is tried again before its sequences count as unknown. */
const ATTEMPTS = 5;

interface Pending {
  readonly input: CompleteSequence;
  readonly index: number;
}

/**
 * The reference ledger: append-only double entry on a DynamoDB table. A sequence's own row and all its entries
 * are written in one TransactWriteItems, on the condition that the sequence is not there yet; several small
 * sequences share a call, and one that is there already is left out and the rest written.
 */
export class DynamoDbReferenceLedger implements PostingSystem {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  async post(inputs: readonly CompleteSequence[]): Promise<readonly PostingResult[]> {
    const results: PostingResult[] = new Array(inputs.length);
    let together: Pending[] = [];
    let actions = 0;
    for (const [index, input] of inputs.entries()) {
      const refusal = refusalOf(input);
      if (refusal !== undefined) {
        results[index] = { kind: 'refused', ...refusal };
        continue;
      }
      const needed = input.entries.length + 1;
      if (actions + needed > TRANSACT_WRITE_MAX) {
        await this.#postTogether(together, results);
        together = [];
        actions = 0;
      }
      together.push({ input, index });
      actions += needed;
    }
    await this.#postTogether(together, results);
    return results;
  }

  async find(sequenceIds: readonly string[]): Promise<ReadonlyMap<string, PostedSequence>> {
    const keys = sequenceIds.map((sequenceId) => ({ sequenceId, position: SEQUENCE_POSITION }));
    const rows = await batchGetAll<SequenceRow>(this.#documents, this.#table, keys, this.#clock);
    return new Map(rows.map((row) => [row.sequenceId, postedSequenceOf(row)]));
  }

  async #postTogether(together: readonly Pending[], results: PostingResult[]): Promise<void> {
    let remaining = together;
    let cause: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS && remaining.length > 0; attempt += 1) {
      try {
        const TransactItems = remaining.flatMap(({ input }) => this.#writes(input));
        await this.#documents.send(new TransactWriteCommand({ TransactItems }));
        for (const { input, index } of remaining) {
          results[index] = { kind: 'posted', posted: postedSequenceOf(sequenceRowOf(input)) };
        }
        return;
      } catch (error) {
        cause = error;
        if (!(error instanceof TransactionCanceledException)) break;
        const rest = this.#withoutBooked(remaining, error, results);
        // Nothing was booked before: another transaction crossed this one, or the table was throttled.
        if (rest.length === remaining.length) await this.#clock.sleep(backOffMs(attempt + 1));
        remaining = rest;
      }
    }
    for (const { input, index } of remaining) {
      results[index] = { kind: 'unknown', cause: new PostingUnknownError(input.sequenceId, cause) };
    }
  }

  /** Takes out the sequences that the ledger has already; they are posted, unless it has another content. */
  #withoutBooked(
    remaining: readonly Pending[],
    error: TransactionCanceledException,
    results: PostingResult[],
  ): Pending[] {
    let position = 0;
    return remaining.filter(({ input, index }) => {
      const reason = error.CancellationReasons?.[position];
      position += input.entries.length + 1;
      if (reason?.Code !== 'ConditionalCheckFailed' || reason.Item === undefined) return true;
      const row = unmarshall(reason.Item) as SequenceRow;
      const same = JSON.stringify(row.controlTotals) === JSON.stringify(input.controlTotals);
      results[index] = same
        ? { kind: 'posted', posted: postedSequenceOf(row) }
        : {
            kind: 'refused',
            reason: 'BOOKED_DIFFERENTLY',
            explanation: 'the ledger has this sequence with other totals',
          };
      return false;
    });
  }

  #writes(input: CompleteSequence) {
    const TableName = this.#table;
    const sequence = {
      Put: {
        TableName,
        Item: sequenceRowOf(input),
        // The sequence is booked once.
        ConditionExpression: 'attribute_not_exists(sequenceId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    };
    return [sequence, ...entryRowsOf(input).map((Item) => ({ Put: { TableName, Item } }))];
  }
}
