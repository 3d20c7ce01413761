import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type CompleteSequence, type PostedSequence, sameTotals } from '../complete-sequence.ts';
import { PostingUnknownError } from '../errors.ts';
import {
  entryRowsOf,
  ledgerReferenceOf,
  postedSequenceOf,
  refusalOf,
  SEQUENCE_POSITION,
  type SequenceRow,
  sequenceRowOf,
} from '../ledger-row.ts';
import type { BookedSequences, Booking, Clock, PostingResult, PostingSystem } from '../ports.ts';
import { backOffMs, batchGetAll } from './dynamodb-batches.ts';

/** TransactWriteItems takes at most this many actions (DynamoDB API reference). */
const TRANSACT_WRITE_MAX = 100;
/** How often what is left of a cancelled transaction is tried again before its sequences count as unknown. */
const ATTEMPTS = 5;

interface Pending extends Booking {
  readonly index: number;
}

/**
 * The reference ledger: append-only double entry on a DynamoDB table. A sequence's own row and all its entries
 * are written in one TransactWriteItems, on the condition that the sequence is not there yet; several small
 * sequences share a call, and one that is there already is left out and the rest written.
 */
export class DynamoDbReferenceLedger implements PostingSystem, BookedSequences {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#documents = documents;
    this.#table = table;
    this.#clock = clock;
  }

  async post(sequences: readonly CompleteSequence[]): Promise<readonly PostingResult[]> {
    return this.book(
      sequences.map((sequence) => ({ sequence, postingReference: ledgerReferenceOf(sequence.sequenceId) })),
    );
  }

  async book(bookings: readonly Booking[]): Promise<readonly PostingResult[]> {
    const results: PostingResult[] = new Array(bookings.length);
    let together: Pending[] = [];
    let actions = 0;
    for (const [index, booking] of bookings.entries()) {
      const refusal = refusalOf(booking.sequence);
      if (refusal !== undefined) {
        results[index] = { kind: 'refused', ...refusal };
        continue;
      }
      const needed = booking.sequence.entries.length + 1;
      if (actions + needed > TRANSACT_WRITE_MAX) {
        await this.#bookTogether(together, results);
        together = [];
        actions = 0;
      }
      together.push({ ...booking, index });
      actions += needed;
    }
    await this.#bookTogether(together, results);
    return results;
  }

  async find(sequenceIds: readonly string[]): Promise<ReadonlyMap<string, PostedSequence>> {
    const keys = sequenceIds.map((sequenceId) => ({ sequenceId, position: SEQUENCE_POSITION }));
    const rows = await batchGetAll<SequenceRow>(this.#documents, this.#table, keys, this.#clock);
    return new Map(rows.map((row) => [row.sequenceId, postedSequenceOf(row)]));
  }

  async #bookTogether(together: readonly Pending[], results: PostingResult[]): Promise<void> {
    let remaining = together;
    let cause: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS && remaining.length > 0; attempt += 1) {
      try {
        const TransactItems = remaining.flatMap((booking) => this.#writes(booking));
        await this.#documents.send(new TransactWriteCommand({ TransactItems }));
        for (const { sequence, postingReference, index } of remaining) {
          const posted = postedSequenceOf(sequenceRowOf(sequence, postingReference));
          results[index] = { kind: 'posted', posted };
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
    for (const { sequence, index } of remaining) {
      results[index] = { kind: 'unknown', cause: new PostingUnknownError(sequence.sequenceId, cause) };
    }
  }

  /** Takes out the sequences that the ledger has already; they are posted, unless it has another content. */
  #withoutBooked(
    remaining: readonly Pending[],
    error: TransactionCanceledException,
    results: PostingResult[],
  ): Pending[] {
    let position = 0;
    return remaining.filter(({ sequence, index }) => {
      const reason = error.CancellationReasons?.[position];
      position += sequence.entries.length + 1;
      if (reason?.Code !== 'ConditionalCheckFailed' || reason.Item === undefined) return true;
      const row = unmarshall(reason.Item) as SequenceRow;
      const same = sameTotals(row.controlTotals, sequence.controlTotals);
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

  #writes({ sequence, postingReference }: Booking) {
    const TableName = this.#table;
    const own = {
      Put: {
        TableName,
        Item: sequenceRowOf(sequence, postingReference),
        // The sequence is booked once.
        ConditionExpression: 'attribute_not_exists(sequenceId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    };
    return [own, ...entryRowsOf(sequence).map((Item) => ({ Put: { TableName, Item } }))];
  }
}
