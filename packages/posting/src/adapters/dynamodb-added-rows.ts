import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type CompleteSequence, sameTotals } from '../complete-sequence.ts';
import {
  type Addition,
  additionsKeyOf,
  type CorrectionRefusal,
  correctingMovements,
  mayComplete,
  nothingToCorrect,
  unbalancedWith,
} from '../correction.ts';
import { PostingUnknownError } from '../errors.ts';
import {
  type EntryRow,
  entryRowsOf,
  type Movement,
  movementsOf,
  postedSequenceOf,
  SEQUENCE_POSITION,
  type SequenceRow,
  sequenceRowOf,
} from '../ledger-row.ts';
import type { Booking, Clock, PostingResult } from '../ports.ts';
import type { DynamoDbAdditions } from './dynamodb-additions.ts';
import { backOffMs } from './dynamodb-batches.ts';
import type { DynamoDbLedgerRows } from './dynamodb-ledger-rows.ts';

/** How often an addition that another one crossed is decided again before it counts as unknown. */
const ATTEMPTS = 6;

/** A sequence that the ledger has already, with another content. */
export const BOOKED_DIFFERENTLY = {
  kind: 'refused',
  reason: 'BOOKED_DIFFERENTLY',
  explanation: 'the ledger has this sequence with other totals',
} as const satisfies PostingResult;

/**
 * Adds to sequences that are booked: corrections, and rows that went missing. Every addition takes the next number of
 * its sequence in the transaction that adds (`Addition`), so that two at a time cannot both go by the same rows.
 */
export class DynamoDbAddedRows {
  readonly #rows: DynamoDbLedgerRows;
  readonly #additions: DynamoDbAdditions;
  readonly #clock: Clock;

  constructor(rows: DynamoDbLedgerRows, additions: DynamoDbAdditions, clock: Clock) {
    this.#rows = rows;
    this.#additions = additions;
    this.#clock = clock;
  }

  /**
   * Books a correcting sequence, once.
   *
   * @param judged whether it is refused where there is nothing to correct or it leaves the sums off; a core has judged
   *   itself what it has booked
   */
  bookCorrection(booking: Booking, judged: boolean): Promise<PostingResult> {
    const { sequence, postingReference } = booking;
    return this.#inTurn(sequence, async () => {
      const additions = await this.#additions.of(additionsKeyOf(sequence));
      if (additions.some(({ added }) => added === sequence.sequenceId)) return this.complete(booking);
      const judgement = judged ? await this.#judge(sequence, additions) : movementsOf(sequence.entries);
      if ('reason' in judgement) return { kind: 'refused', ...judgement };
      const row = sequenceRowOf(sequence, postingReference, judgement);
      const writes = [row, ...entryRowsOf(sequence)].map((each) => this.#rows.adding(each));
      try {
        const taking = this.#taking({ kind: 'CORRECTION', movements: judgement }, sequence, additions);
        await this.#rows.write([...writes, taking]);
      } catch (error) {
        // It was booked meanwhile, or what remains of it says that it was booked before.
        if (writes.some((_, index) => isThere(error, index))) return this.complete(booking);
        throw error;
      }
      return { kind: 'posted', posted: postedSequenceOf(row) };
    });
  }

  /**
   * Puts those rows of a sequence that are missing although others of it are there, and leaves alone what is there.
   * Balances are folded once all the same: a sequence's own row that is put again finds its marker.
   */
  complete({ sequence, postingReference }: Booking): Promise<PostingResult> {
    return this.#inTurn(sequence, async () => {
      const additions = await this.#additions.of(additionsKeyOf(sequence));
      const corrected = additions.find(({ added, movements }) => added === sequence.sequenceId && movements);
      const own = sequenceRowOf(sequence, postingReference, corrected?.movements);
      const rows = [own, ...entryRowsOf(sequence)];
      const found = await this.#rows.read<SequenceRow | EntryRow>(rows);
      const booked = found.find((row): row is SequenceRow => row.position === SEQUENCE_POSITION);
      if (booked !== undefined && !sameTotals(booked.controlTotals, sequence.controlTotals))
        return BOOKED_DIFFERENTLY;
      const there = new Set(found.map(({ position }) => position));
      const whole = mayComplete(sequence, additions);
      const missing = rows.filter(
        ({ position }) => !there.has(position) && (whole || position === SEQUENCE_POSITION),
      );
      if (missing.length > 0) {
        const writes = missing.map((row) => this.#rows.adding(row));
        await this.#rows.write([...writes, this.#taking({ kind: 'MISSING_ROWS' }, sequence, additions)]);
      }
      return { kind: 'posted', posted: postedSequenceOf(booked ?? own) };
    });
  }

  #taking(
    what: Pick<Addition, 'kind' | 'movements'>,
    sequence: CompleteSequence,
    known: readonly Addition[],
  ) {
    const sequenceId = additionsKeyOf(sequence);
    const { sequenceId: added, entries } = sequence;
    return this.#additions.taking({ sequenceId, ...what, added, count: entries.length }, known);
  }

  /** Why a correction is refused, or what it moves. */
  async #judge(
    sequence: CompleteSequence,
    additions: readonly Addition[],
  ): Promise<CorrectionRefusal | readonly Movement[]> {
    const sequenceId = additionsKeyOf(sequence);
    const [corrected] = await this.#rows.read<SequenceRow>([{ sequenceId, position: SEQUENCE_POSITION }]);
    const nothing = nothingToCorrect(corrected);
    if (corrected === undefined || nothing !== undefined) return nothing ?? [];
    const corrections = additions.filter(({ kind }) => kind === 'CORRECTION');
    const rows = await Promise.all([
      this.#rows.entriesOf(sequenceId, corrected.sequence.count),
      ...corrections.map(({ added, count }) => this.#rows.entriesOf(added, count)),
    ]);
    const booked = rows.flat();
    const folded = [corrected, ...corrections].flatMap(({ movements = [] }) => movements);
    return unbalancedWith(sequence, booked) ?? correctingMovements(sequence, booked, folded);
  }

  /** Decides anew as long as others are in the way. */
  async #inTurn(sequence: CompleteSequence, decide: () => Promise<PostingResult>): Promise<PostingResult> {
    let cause: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (attempt > 1) await this.#clock.sleep(backOffMs(attempt));
      try {
        return await decide();
      } catch (error) {
        cause = error;
        if (!(error instanceof TransactionCanceledException)) break;
      }
    }
    return { kind: 'unknown', cause: new PostingUnknownError(sequence.sequenceId, cause) };
  }
}

/** Says whether a write of a cancelled transaction found its row there. */
export function isThere(error: unknown, index: number): boolean {
  return (
    error instanceof TransactionCanceledException &&
    error.CancellationReasons?.[index]?.Code === 'ConditionalCheckFailed'
  );
}
