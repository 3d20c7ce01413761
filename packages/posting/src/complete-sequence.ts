import type {
  ControlTotals,
  PostingEntry,
  PostingEntryCreatedRecord,
  TransactionPostedRecord,
} from '@payments/schemas';
import { SequenceInconsistentError } from './errors.ts';

/** What is posted as one: a complete sequence with its header and its control totals. */
export interface CompleteSequence {
  readonly sequenceId: string;
  readonly transactionId: string;
  readonly scheme: string;
  readonly loggedAt: string;
  readonly lifecycleId: string;
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly controlTotals: ControlTotals;
  /** Which booked sequence it puts right, and for which break, where it is a patch of reconciliation. */
  readonly correction?: Correction;
  /** In the order of their numbers, 1 to n. */
  readonly entries: readonly PostingEntry[];
}

/** What a correcting sequence corrects. */
export type Correction = NonNullable<PostingEntry['correction']>;

/** How many decimal digits the hash total keeps. */
const HASH_TOTAL_MODULUS = 10n ** 12n;

/**
 * The entries of one sequence by their number, each once, however often it came.
 *
 * @throws SequenceInconsistentError when entries of one sequence contradict each other
 */
export function distinctEntries(records: readonly PostingEntryCreatedRecord[]): PostingEntryCreatedRecord[] {
  const byNumber = new Map<number, PostingEntryCreatedRecord>();
  for (const record of records) {
    const { number, count, id } = record.entry.sequence;
    const known = byNumber.get(number);
    if (known !== undefined && known.entry.entryId !== record.entry.entryId) {
      throw new SequenceInconsistentError(id, `number ${number} names two entries`);
    }
    const [first] = byNumber.values();
    if (first !== undefined && first.entry.sequence.count !== count) {
      throw new SequenceInconsistentError(
        id,
        `one entry counts ${first.entry.sequence.count}, another ${count}`,
      );
    }
    if (first !== undefined && !sameCorrection(first.entry.correction, record.entry.correction)) {
      throw new SequenceInconsistentError(
        id,
        `entries ${first.entry.sequence.number} and ${number} correct two`,
      );
    }
    if (number > count) throw new SequenceInconsistentError(id, `number ${number} of ${count}`);
    byNumber.set(number, record);
  }
  return [...byNumber.values()].sort((a, b) => a.entry.sequence.number - b.entry.sequence.number);
}

/** Says whether distinct entries of one sequence are all of it. */
export function isComplete(distinct: readonly PostingEntryCreatedRecord[]): boolean {
  return distinct.length > 0 && distinct.length === distinct[0]?.entry.sequence.count;
}

/**
 * Puts the complete sequence into the form in which it is posted.
 *
 * @param complete the distinct entries, all of them, in order
 */
export function completeSequenceOf(complete: readonly PostingEntryCreatedRecord[]): CompleteSequence {
  const [first] = complete;
  if (first === undefined || !isComplete(complete))
    throw new SequenceInconsistentError('unknown', 'it is not complete');
  const { transactionId, scheme, loggedAt, lifecycleId, entry } = first;
  const entries = complete.map((record) => record.entry);
  return {
    sequenceId: entry.sequence.id,
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    bookingDate: entry.bookingDate,
    valueDate: entry.valueDate,
    controlTotals: controlTotalsOf(entries),
    ...(entry.correction === undefined ? {} : { correction: entry.correction }),
    entries,
  };
}

function sameCorrection(one: Correction | undefined, other: Correction | undefined): boolean {
  return one?.sequenceId === other?.sequenceId && one?.breakId === other?.breakId;
}

/** Count, sums by currency in alphabetic order, and the hash total over account ids. */
export function controlTotalsOf(
  entries: readonly Pick<PostingEntry, 'account' | 'amount' | 'direction'>[],
): ControlTotals {
  const sums = new Map<string, { debits: bigint; credits: bigint }>();
  let hash = 0n;
  for (const { amount, direction, account } of entries) {
    const sum = sums.get(amount.currency) ?? { debits: 0n, credits: 0n };
    if (direction === 'DEBIT') sum.debits += BigInt(amount.minorUnits);
    else sum.credits += BigInt(amount.minorUnits);
    sums.set(amount.currency, sum);
    hash += BigInt(account.accountId.replace(/\D/g, '') || '0');
  }
  const currencies = [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { debits, credits }]) => ({
      currency,
      debits: debits.toString(),
      credits: credits.toString(),
    }));
  return { count: entries.length, currencies, hashTotal: (hash % HASH_TOTAL_MODULUS).toString() };
}

/** Says whether debits equal credits in every currency. */
export function isBalanced({ currencies }: ControlTotals): boolean {
  return currencies.every(({ debits, credits }) => debits === credits);
}

/** Says whether two sequences add up to the same, whatever order a store gives members in. */
export function sameTotals(one: ControlTotals, other: ControlTotals): boolean {
  return totalsText(one) === totalsText(other);
}

function totalsText({ count, currencies, hashTotal }: ControlTotals): string {
  const sums = currencies.map(({ currency, debits, credits }) => `${currency} ${debits} ${credits}`);
  return [count, hashTotal, ...sums.sort()].join('|');
}

/** What is said of a posted sequence, from its header alone. */
export type PostedSequence = Pick<
  TransactionPostedRecord,
  | 'transactionId'
  | 'scheme'
  | 'loggedAt'
  | 'lifecycleId'
  | 'sequence'
  | 'postingReference'
  | 'bookingDate'
  | 'valueDate'
  | 'controlTotals'
  | 'correction'
>;
