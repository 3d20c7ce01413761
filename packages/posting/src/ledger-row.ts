import { type CompleteSequence, isBalanced, type PostedSequence } from './complete-sequence.ts';

/** The sort key of a sequence's own row; entries stand beside it as `ENTRY#01`, `ENTRY#02`, … */
export const SEQUENCE_POSITION = 'SEQUENCE';

/** What a sequence moves on one account, in minor units. */
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
}

/** What the reference ledger calls a booked sequence. */
export function ledgerReferenceOf(sequenceId: string): string {
  return `LEDGER-${sequenceId}`;
}

/**
 * The sequence's own row.
 *
 * @param postingReference what the posting system calls it; the reference ledger's own when absent
 */
export function sequenceRowOf(
  sequence: CompleteSequence,
  postingReference = ledgerReferenceOf(sequence.sequenceId),
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
    movements: movementsOf(sequence),
  };
}

/**
 * One row for each entry, beside the sequence's own. Entries on customers' accounts, and no others, are in the index
 * of statements: all sequences move on the same few accounts of the bank, and each of those would be one partition.
 */
export function entryRowsOf({
  sequenceId,
  transactionId,
  loggedAt,
  entries,
}: CompleteSequence): Record<string, unknown>[] {
  return entries.map((entry) => {
    const number = String(entry.sequence.number).padStart(2, '0');
    const indexed = {
      customerAccountId: entry.account.accountId,
      bookedOrder: `${entry.bookingDate}#${loggedAt}#${sequenceId}#${number}`,
    };
    return {
      sequenceId,
      position: `ENTRY#${number}`,
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

/** Why a ledger refuses a sequence, if it does. */
export function refusalOf(sequence: CompleteSequence): { reason: string; explanation: string } | undefined {
  if (!isBalanced(sequence.controlTotals)) {
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

function movementsOf({ entries }: CompleteSequence): Movement[] {
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
