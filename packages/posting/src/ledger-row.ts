import type { PostingEntry } from '@payments/schemas';
import { type CompleteSequence, isBalanced, type PostedSequence } from './complete-sequence.ts';

/** The sort key of a sequence's own row; entries stand beside it as `ENTRY#01`, `ENTRY#02`, … */
export const SEQUENCE_POSITION = 'SEQUENCE';

/** With what the sort keys of entries begin. */
export const ENTRY_PREFIX = 'ENTRY#';

/** The sort key of an entry's row. */
export function entryPosition(number: number): string {
  return `${ENTRY_PREFIX}${String(number).padStart(2, '0')}`;
}

/** An entry as it is booked. */
export interface EntryRow extends PostingEntry {
  readonly sequenceId: string;
  readonly position: string;
  readonly transactionId: string;
  /** The key of the index of statements; on customers' accounts alone. */
  readonly customerAccountId?: string;
  readonly bookedOrder?: string;
}

/** What a booked entry says of money. */
export type MovingEntry = Pick<PostingEntry, 'account' | 'amount' | 'direction'>;

/** What a sequence moves on one account, in minor units; a correction may move by less than nothing. */
export interface Movement {
  readonly accountId: string;
  readonly role: string;
  readonly currency: string;
  readonly debits: string;
  readonly credits: string;
  readonly entries: number;
}

/**
 * The row that says that a sequence is booked. It is written with the entries in one transaction and only
 * once, which is what makes posting idempotent; balances are folded from its movements.
 */
export interface SequenceRow extends PostedSequence {
  readonly sequenceId: string;
  readonly position: typeof SEQUENCE_POSITION;
  readonly valueDate: string;
  readonly movements: readonly Movement[];
  /** RFC 3339: when it was written; absent before that. */
  readonly bookedAt?: string;
}

/** What the reference ledger calls a booked sequence. */
export function ledgerReferenceOf(sequenceId: string): string {
  return `LEDGER-${sequenceId}`;
}

/**
 * The sequence's own row.
 *
 * @param postingReference what the posting system calls it; the reference ledger's own when absent
 * @param movements what it moves, where that is not what its entries say
 */
export function sequenceRowOf(
  sequence: CompleteSequence,
  postingReference = ledgerReferenceOf(sequence.sequenceId),
  movements = movementsOf(sequence.entries),
): SequenceRow {
  const {
    sequenceId,
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    bookingDate,
    valueDate,
    controlTotals,
    correction,
    entries,
  } = sequence;
  return {
    sequenceId,
    position: SEQUENCE_POSITION,
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    bookingDate,
    valueDate,
    controlTotals,
    postingReference,
    sequence: { id: sequenceId, count: entries.length },
    ...(correction === undefined ? {} : { correction }),
    movements,
  };
}

/**
 * One row for each entry, beside the sequence's own. Entries on customers' accounts, and no others, are in the index
 * of statements: all sequences move on the same few accounts of the bank, and each of those would be one partition.
 */
export function entryRowsOf({ sequenceId, transactionId, loggedAt, entries }: CompleteSequence): EntryRow[] {
  return entries.map((entry) => {
    const position = entryPosition(entry.sequence.number);
    const indexed = {
      customerAccountId: entry.account.accountId,
      bookedOrder: `${entry.bookingDate}#${loggedAt}#${sequenceId}#${position.slice(ENTRY_PREFIX.length)}`,
    };
    return {
      sequenceId,
      position,
      transactionId,
      ...(entry.account.role === 'CUST' ? indexed : {}),
      ...entry,
    };
  });
}

/** What a reader of the row says of the posted sequence. */
export function postedSequenceOf(row: SequenceRow): PostedSequence {
  const {
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    sequence,
    postingReference,
    bookingDate,
    valueDate,
    controlTotals,
    correction,
  } = row;
  return {
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    sequence,
    postingReference,
    bookingDate,
    valueDate,
    controlTotals,
    ...(correction === undefined ? {} : { correction }),
  };
}

/**
 * Why a ledger refuses a sequence by what it says itself, if it does. A correcting sequence need not balance by itself:
 * it has to with what it corrects (`correctionRefusal`).
 */
export function refusalOf(sequence: CompleteSequence): { reason: string; explanation: string } | undefined {
  if (sequence.correction === undefined && !isBalanced(sequence.controlTotals)) {
    return { reason: 'UNBALANCED', explanation: 'debits and credits of the sequence differ' };
  }
  const offCurrency = sequence.entries.find(({ account, amount }) => account.currency !== amount.currency);
  if (offCurrency !== undefined) {
    const { account, amount } = offCurrency;
    return {
      reason: 'ACCOUNT_CURRENCY',
      explanation: `${account.accountId} is in ${account.currency}, the entry in ${amount.currency}`,
    };
  }
  return undefined;
}

/** What entries move, by account and currency. */
export function movementsOf(entries: readonly MovingEntry[]): readonly Movement[] {
  const groups = Map.groupBy(entries, ({ account, amount }) => `${account.accountId}|${amount.currency}`);
  return [...groups.values()].map((group) => {
    const sum = (direction: 'DEBIT' | 'CREDIT'): string =>
      group
        .filter((entry) => entry.direction === direction)
        .reduce((total, { amount }) => total + BigInt(amount.minorUnits), 0n)
        .toString();
    const [first] = group;
    return {
      accountId: first?.account.accountId ?? '',
      role: first?.account.role ?? '',
      currency: first?.amount.currency ?? '',
      debits: sum('DEBIT'),
      credits: sum('CREDIT'),
      entries: group.length,
    };
  });
}
