import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
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
import { BOOKED_DIFFERENTLY, DynamoDbAddedRows, isThere } from './dynamodb-added-rows.ts';
import { DynamoDbAdditions } from './dynamodb-additions.ts';
import { backOffMs } from './dynamodb-batches.ts';
import { DynamoDbLedgerRows } from './dynamodb-ledger-rows.ts';

/** TransactWriteItems takes at most this many actions (DynamoDB API reference). */
const TRANSACT_WRITE_MAX = 100;
/** How often what is left of a cancelled transaction is tried again before its sequences count as unknown. */
const ATTEMPTS = 5;

interface Pending extends Booking {
  readonly index: number;
}

/** The names of the tables that a ledger is in. */
export interface LedgerTables {
  readonly ledger: string;
  /** What was added to booked sequences, numbered. */
  readonly additions: string;
}

/**
 * The reference ledger: append-only double entry on a DynamoDB table. A sequence's own row and all its entries
 * are written in one TransactWriteItems, on the condition that none of them is there yet; several small
 * sequences share a call, and one that is there already is left out and the rest written. A row is never written
 * over: of a sequence that is there in part the missing rows are added.
 */
export class DynamoDbReferenceLedger implements PostingSystem, BookedSequences {
  readonly #rows: DynamoDbLedgerRows;
  readonly #added: DynamoDbAddedRows;
  readonly #clock: Clock;

  constructor(documents: DynamoDBDocumentClient, tables: LedgerTables, clock: Clock) {
    this.#rows = new DynamoDbLedgerRows(documents, tables.ledger, clock);
    const additions = new DynamoDbAdditions(documents, tables.additions);
    this.#added = new DynamoDbAddedRows(this.#rows, additions, clock);
    this.#clock = clock;
  }

  async post(sequences: readonly CompleteSequence[]): Promise<readonly PostingResult[]> {
    const bookings = sequences.map((sequence) => ({
      sequence,
      postingReference: ledgerReferenceOf(sequence.sequenceId),
    }));
    return this.#book(bookings, true);
  }

  async book(bookings: readonly Booking[]): Promise<readonly PostingResult[]> {
    return this.#book(bookings, false);
  }

  async find(sequenceIds: readonly string[]): Promise<ReadonlyMap<string, PostedSequence>> {
    const keys = sequenceIds.map((sequenceId) => ({ sequenceId, position: SEQUENCE_POSITION }));
    const rows = await this.#rows.read<SequenceRow>(keys);
    return new Map(rows.map((row) => [row.sequenceId, postedSequenceOf(row)]));
  }

  /** @param judged whether corrections are held against what they correct */
  async #book(bookings: readonly Booking[], judged: boolean): Promise<readonly PostingResult[]> {
    const results: PostingResult[] = new Array(bookings.length);
    const corrections: Pending[] = [];
    let together: Pending[] = [];
    let actions = 0;
    for (const [index, booking] of bookings.entries()) {
      const refusal = refusalOf(booking.sequence);
      if (refusal !== undefined) {
        results[index] = { kind: 'refused', ...refusal };
        continue;
      }
      if (booking.sequence.correction !== undefined) {
        corrections.push({ ...booking, index });
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
    // What they correct may have come in the same run.
    for (const correction of corrections)
      results[correction.index] = await this.#added.bookCorrection(correction, judged);
    return results;
  }

  async #bookTogether(together: readonly Pending[], results: PostingResult[]): Promise<void> {
    const inPart: Pending[] = [];
    let remaining = together;
    let cause: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS && remaining.length > 0; attempt += 1) {
      try {
        await this.#rows.write(remaining.flatMap((booking) => this.#writes(booking)));
        for (const { sequence, postingReference, index } of remaining) {
          const posted = postedSequenceOf(sequenceRowOf(sequence, postingReference));
          results[index] = { kind: 'posted', posted };
        }
        remaining = [];
      } catch (error) {
        cause = error;
        if (!(error instanceof TransactionCanceledException)) break;
        const rest = this.#withoutBooked(remaining, error, results, inPart);
        // Nothing was booked before: another transaction crossed this one, or the table was throttled.
        if (rest.length === remaining.length) await this.#clock.sleep(backOffMs(attempt + 1));
        remaining = rest;
      }
    }
    for (const { sequence, index } of remaining) {
      results[index] = { kind: 'unknown', cause: new PostingUnknownError(sequence.sequenceId, cause) };
    }
    for (const booking of inPart) results[booking.index] = await this.#added.complete(booking);
  }

  /**
   * Takes out the sequences that the ledger has already: they are posted, unless it has another content. The reasons
   * also say, without a read, which have all their rows; others may be there in part.
   */
  #withoutBooked(
    remaining: readonly Pending[],
    error: TransactionCanceledException,
    results: PostingResult[],
    inPart: Pending[],
  ): Pending[] {
    let next = 0;
    return remaining.filter((booking) => {
      const { sequence, index } = booking;
      const first = next;
      next += sequence.entries.length + 1;
      const found = sequence.entries.filter((_, entry) => isThere(error, first + 1 + entry)).length;
      const { Item } = error.CancellationReasons?.[first] ?? {};
      if (!isThere(error, first) || Item === undefined) {
        if (found > 0) inPart.push(booking);
        return found === 0;
      }
      const row = unmarshall(Item) as SequenceRow;
      if (!sameTotals(row.controlTotals, sequence.controlTotals)) results[index] = BOOKED_DIFFERENTLY;
      else if (found < sequence.entries.length) inPart.push(booking);
      else results[index] = { kind: 'posted', posted: postedSequenceOf(row) };
      return false;
    });
  }

  #writes({ sequence, postingReference }: Booking) {
    const own = this.#rows.adding(sequenceRowOf(sequence, postingReference));
    const asked = { Put: { ...own.Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const } };
    return [asked, ...entryRowsOf(sequence).map((row) => this.#rows.adding(row))];
  }
}
