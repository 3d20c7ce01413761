import { recordKeyOf } from '@payments/domain';
import type {
  ControlTotals,
  Money,
  ReconciliationMismatchDetectedRecord,
  TransactionReconciledRecord,
} from '@payments/schemas';
import type { Finding, LedgerRow, MismatchType } from './break.ts';
import { breakIdOf } from './break-id.ts';
import { compareSequence } from './compare-sequence.ts';
import type { TransactionSides } from './transaction-sides.ts';

/** What rules and posting systems call an account that is no longer what it was when the transaction was authorized. */
const STALE_REASONS: ReadonlySet<string> = new Set(['ACCOUNT_CLOSED', 'ACCOUNT_MOVED']);

/** Mismatches in which all that was authorized is at risk. */
const WHOLE_AMOUNT: ReadonlySet<MismatchType> = new Set([
  'A_NOT_P',
  'SEQ_INCOMPLETE',
  'L_NOT_P',
  'STALE_REFERENCE',
  'REVERSAL_WITHOUT_ORIGINAL',
  'ORIGINAL_WITHOUT_REVERSAL',
  'POSTED_UNAPPROVED',
]);

/** How a transaction stands. */
export type Reconciliation =
  /** Sides are missing and may still come. */
  | { readonly kind: 'open' }
  /** Nothing had to be posted, and nothing was. */
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'reconciled';
      readonly record: TransactionReconciledRecord;
      /** How long it took from being said to be authorized to being said to be posted. */
      readonly postingMs: number;
    }
  | {
      readonly kind: 'mismatch';
      readonly finding: Finding;
      readonly record: ReconciliationMismatchDetectedRecord;
    };

/**
 * Compares what was authorized, posted and booked for one transaction. A break heals when it is posted after all.
 *
 * A reversal that is not posted is `ORIGINAL_WITHOUT_REVERSAL`: what it takes back still stands. One that the rules refuse
 * is no break: they refuse it for what they would have refused the original for.
 *
 * @param overdue true when what is missing should have come by now, and is therefore a mismatch
 * @param rows the rows of its sequence in the ledger, with those that correct it, where they were read
 */
export function reconcileTransaction(
  sides: TransactionSides,
  overdue: boolean,
  rows?: readonly LedgerRow[],
): Reconciliation {
  const { authorized, approved, posted, booked } = sides;
  // What was approved or posted at some time stands: a replay may meet rules or a core that think otherwise by now.
  const rejected = approved === undefined ? sides.rejected : undefined;
  const failed = posted === undefined ? sides.failed : undefined;
  const knows = (sides: TransactionSides): boolean => sides.authorized !== undefined || overdue;
  if (rejected !== undefined && (posted !== undefined || booked !== undefined)) {
    const explanation = `the rules refused it (${rejected.reason}) and it was posted all the same`;
    return mismatch(sides, { type: 'POSTED_UNAPPROVED', explanation }, rows);
  }
  if (failed !== undefined && booked !== undefined) {
    const explanation = `posting failed (${failed.reason}) and the ledger has it all the same`;
    return mismatch(sides, { type: 'L_NOT_P', explanation, sequenceId: booked.sequenceId }, rows);
  }
  const refused = rejected ?? failed;
  if (refused !== undefined && knows(sides)) return refusedFor(refused.reason, sides);
  if (posted === undefined && booked === undefined) {
    const { notPosted, held, delayed } = sides;
    const isEnded = held !== undefined || notPosted?.disposition === 'CLOSED';
    if (isEnded && knows(sides)) return { kind: 'closed' };
    if (notPosted?.disposition === 'BREAK' && knows(sides)) return broken(sides, notPosted);
    if (delayed !== undefined && !isEnded) {
      const came = `${delayed.present.length} of ${delayed.count} entries came`;
      return mismatch(sides, { type: 'SEQ_INCOMPLETE', explanation: came });
    }
  }
  if (authorized !== undefined && approved !== undefined && posted !== undefined && booked !== undefined) {
    return compare(sides, { authorized, approved, posted, booked }, rows);
  }
  return overdue ? missing(sides, rows) : { kind: 'open' };
}

/** It ends without entries, for a reason of business; some of these reasons are a break. */
function refusedFor(reason: string, sides: TransactionSides): Reconciliation {
  if (STALE_REASONS.has(reason)) {
    const explanation = `it was authorized on an account that is not there any more: ${reason}`;
    return mismatch(sides, { type: 'STALE_REFERENCE', explanation });
  }
  if (reason === 'UNBALANCED') {
    const explanation = 'the ledger refused the sequence, for its debits and credits differ';
    return mismatch(sides, { type: 'UNBALANCED', explanation });
  }
  return { kind: 'closed' };
}

/** Everything is there: does it agree? */
function compare(
  sides: TransactionSides,
  all: Required<Pick<TransactionSides, 'authorized' | 'approved' | 'posted' | 'booked'>>,
  rows: readonly LedgerRow[] | undefined,
): Reconciliation {
  const { authorized, approved, posted, booked } = all;
  const { sequenceId } = booked;
  if (!sameMoney(authorized.amount, approved.amount)) {
    const explanation = `authorized ${text(authorized.amount)}, approved for posting ${text(approved.amount)}`;
    const atRisk = differenceOf(authorized.amount, approved.amount);
    return mismatch(sides, { type: 'AMOUNT_MISMATCH', explanation, ...(atRisk && { atRisk }) }, rows);
  }
  const found =
    rows !== undefined && posted.entries !== undefined
      ? compareSequence({ ...posted, entries: posted.entries }, rows)
      : totalsDifference(posted.controlTotals, booked.controlTotals);
  if (found !== undefined) return mismatch(sides, { ...found, sequenceId }, rows);
  const { currency, minorUnits } = approved.billed;
  const sum = posted.controlTotals.currencies.find((each) => each.currency === currency);
  // The sums also hold fees and tax, so they are at least what was billed; but what follows another transaction books
  // the difference, which may be anything.
  if (approved.follows !== true && (sum === undefined || BigInt(sum.debits) < BigInt(minorUnits))) {
    const explanation = `billed ${text(approved.billed)}, booked ${sum?.debits ?? '0'} ${currency}`;
    const atRisk = differenceOf(approved.billed, { minorUnits: sum?.debits ?? '0', currency });
    return mismatch(sides, { type: 'AMOUNT_MISMATCH', explanation, ...(atRisk && { atRisk }) }, rows);
  }
  const { transactionId, scheme, loggedAt } = sides;
  return {
    kind: 'reconciled',
    record: {
      transactionId,
      idempotencyKey: recordKeyOf('TransactionReconciled', transactionId),
      scheme,
      loggedAt,
      lifecycleId: lifecycleOf(sides),
      sequenceId,
      amount: authorized.amount,
      controlTotals: booked.controlTotals,
    },
    postingMs: Math.max(0, Date.parse(posted.saidAt) - Date.parse(authorized.saidAt)),
  };
}

/** What the totals of both sides tell, where the rows were not read. */
function totalsDifference(
  posted: ControlTotals,
  booked: ControlTotals,
): { readonly type: MismatchType; readonly explanation: string } | undefined {
  if (!isBalanced(booked))
    return { type: 'UNBALANCED', explanation: 'debits and credits in the ledger differ' };
  if (posted.count !== booked.count) {
    const explanation = `${posted.count} entries were posted, ${booked.count} are booked`;
    return { type: 'COUNT_MISMATCH', explanation };
  }
  if (sumsText(posted) !== sumsText(booked))
    return { type: 'AMOUNT_MISMATCH', explanation: 'the sums that were posted and booked differ' };
  if (posted.hashTotal !== booked.hashTotal)
    return {
      type: 'HASH_MISMATCH',
      explanation: 'the accounts that were posted to and booked on differ',
    };
  return undefined;
}

/** It was said to be a break: by its own name where it has one, else as what is not posted. */
function broken(
  sides: TransactionSides,
  { reason, explanation }: NonNullable<TransactionSides['notPosted']>,
): Reconciliation {
  const type = reason === 'REVERSAL_WITHOUT_ORIGINAL' ? reason : 'A_NOT_P';
  return mismatch(sides, { type, explanation: `${reason}: ${explanation}` });
}

/** Something has not come and is overdue. */
function missing(sides: TransactionSides, rows: readonly LedgerRow[] | undefined): Reconciliation {
  const { authorized, approved, posted, booked } = sides;
  const unheard = [
    ...(authorized === undefined ? (['authorized'] as const) : []),
    ...(approved === undefined ? (['approved'] as const) : []),
  ];
  if (booked !== undefined && posted !== undefined) {
    const explanation = `posted and booked, and never heard to be ${unheard.join(' and ')}`;
    return mismatch(sides, { type: 'POSTED_UNAPPROVED', explanation, unheard }, rows);
  }
  if (booked !== undefined) {
    const { sequenceId } = booked;
    // What is known of it by nothing but the ledger may be anybody's; otherwise it is an acknowledgement that was lost.
    const isOrphan = authorized === undefined && approved === undefined;
    const explanation = `the ledger has it, but it was never ${isOrphan ? 'authorized' : 'said to be posted'}`;
    return mismatch(sides, { type: 'L_NOT_P', explanation, sequenceId }, rows);
  }
  if (posted !== undefined) {
    const explanation = 'it was said to be posted, but the ledger does not have it';
    const { sequenceId } = posted;
    const found = {
      type: 'P_NOT_L',
      explanation,
      sequenceId,
      atRisk: largestOf(posted.controlTotals),
    } as const;
    return mismatch(sides, { ...found, ...(unheard.length > 0 && { unheard }) }, rows);
  }
  // What is known of it is only about something else, such as a correction that was refused.
  if (unheard.length === 2) return { kind: 'closed' };
  if (authorized?.reverses === true) {
    const explanation = 'it takes back what was authorized before, and is not posted';
    return mismatch(sides, { type: 'ORIGINAL_WITHOUT_REVERSAL', explanation });
  }
  return mismatch(sides, { type: 'A_NOT_P', explanation: 'it was authorized and is not posted' });
}

type Found = Pick<Finding, 'type' | 'explanation' | 'sequenceId' | 'atRisk' | 'unheard'>;

function mismatch(
  sides: TransactionSides,
  found: Found,
  rows?: readonly LedgerRow[],
): Reconciliation & { kind: 'mismatch' } {
  const { transactionId, scheme, loggedAt, authorized, approved, posted, booked } = sides;
  const { type, explanation, sequenceId, atRisk } = found;
  const lifecycleId = lifecycleOf(sides);
  const lastGood = lastGoodOf(sides);
  const finding: Finding = {
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    ...found,
    ...(atRisk === undefined && authorized !== undefined && WHOLE_AMOUNT.has(type)
      ? { atRisk: authorized.amount }
      : {}),
    sides: {
      ...(authorized === undefined ? {} : { authorized: { amount: authorized.amount } }),
      ...(posted === undefined ? {} : { posted: posted.entries ?? [] }),
      ...(booked === undefined && rows === undefined ? {} : { booked: rows ?? [] }),
    },
    ...(lastGood === undefined ? {} : { lastGood }),
    ...(approved === undefined ? {} : { approvedAt: approved.saidAt }),
  };
  const record = {
    transactionId,
    idempotencyKey: recordKeyOf('ReconciliationMismatchDetected', transactionId, type),
    scheme,
    loggedAt,
    lifecycleId,
    breakId: breakIdOf(finding),
    ...(sequenceId === undefined ? {} : { sequenceId }),
    mismatch: {
      type,
      explanation,
      authorized: {
        present: authorized !== undefined,
        ...(authorized === undefined ? {} : { amount: authorized.amount }),
      },
      posted: {
        present: posted !== undefined,
        ...(posted === undefined ? {} : { controlTotals: posted.controlTotals }),
      },
      booked: {
        present: booked !== undefined,
        ...(booked === undefined ? {} : { controlTotals: booked.controlTotals }),
      },
      ...(finding.atRisk === undefined ? {} : { atRisk: finding.atRisk }),
    },
  };
  return { kind: 'mismatch', finding, record };
}

/** The last step that is known to have been done, and when its event was made. */
export function lastGoodOf({ authorized, approved, posted }: TransactionSides): Finding['lastGood'] {
  if (posted !== undefined) return { event: 'TransactionPosted', producedAt: posted.saidAt };
  if (approved !== undefined) return { event: 'TransactionPostingApproved', producedAt: approved.saidAt };
  if (authorized !== undefined) return { event: 'TransactionAuthorized', producedAt: authorized.saidAt };
  return undefined;
}

/** A transaction of which only the authorization is known has no life cycle id yet; its own id stands for it. */
function lifecycleOf({ lifecycleId, transactionId }: TransactionSides): string {
  return lifecycleId ?? transactionId;
}

function sameMoney(left: Money, right: Money): boolean {
  return left.minorUnits === right.minorUnits && left.currency === right.currency;
}

/** What two amounts differ by; between currencies there is no difference. */
function differenceOf(left: Money, right: Money): Money | undefined {
  if (left.currency !== right.currency) return undefined;
  const difference = BigInt(left.minorUnits) - BigInt(right.minorUnits);
  return { minorUnits: (difference < 0n ? -difference : difference).toString(), currency: left.currency };
}

function largestOf({ currencies }: ControlTotals): Money {
  const [largest] = currencies.toSorted((left, right) =>
    BigInt(left.debits) < BigInt(right.debits) ? 1 : -1,
  );
  return { minorUnits: largest?.debits ?? '0', currency: largest?.currency ?? 'XXX' };
}

function isBalanced({ currencies }: ControlTotals): boolean {
  return currencies.every(({ debits, credits }) => debits === credits);
}

/** Sums in the order of their currency, whatever order a store gives members in. */
function sumsText({ currencies }: ControlTotals): string {
  return currencies
    .map(({ currency, debits, credits }) => `${currency} ${debits} ${credits}`)
    .sort()
    .join('|');
}

function text({ minorUnits, currency }: Money): string {
  return `${minorUnits} ${currency}`;
}
