import { identifierOf, recordKeyOf } from '@payments/domain';
import type {
  ControlTotals,
  Money,
  ReconciliationMismatchDetectedRecord,
  TransactionReconciledRecord,
} from '@payments/schemas';
import type { TransactionSides } from './transaction-sides.ts';

/** How a transaction stands. */
export type Reconciliation =
  /** Sides are missing and may still come. */
  | { readonly kind: 'open' }
  /** Nothing had to be posted, and nothing was. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'reconciled'; readonly record: TransactionReconciledRecord }
  | { readonly kind: 'mismatch'; readonly record: ReconciliationMismatchDetectedRecord };

type Mismatch = ReconciliationMismatchDetectedRecord['mismatch'];

/**
 * Compares what was authorized, posted and booked for one transaction. A break heals when it is posted after all.
 *
 * @param overdue true when what is missing should have come by now, and is therefore a mismatch
 */
export function reconcileTransaction(sides: TransactionSides, overdue: boolean): Reconciliation {
  const { authorized, approved, rejected, posted, failed, booked } = sides;
  if (rejected !== undefined && (posted !== undefined || booked !== undefined)) {
    return mismatch(
      sides,
      'POSTED_UNAPPROVED',
      `the rules refused it (${rejected.reason}) and it was posted all the same`,
    );
  }
  if (failed !== undefined && booked !== undefined) {
    return mismatch(sides, 'L_NOT_P', `posting failed (${failed.reason}) and the ledger has it all the same`);
  }
  if (authorized !== undefined && (rejected !== undefined || failed !== undefined)) return { kind: 'closed' };
  if (authorized !== undefined && posted === undefined && booked === undefined) {
    const { notPosted, held } = sides;
    if (held !== undefined || notPosted?.disposition === 'CLOSED') return { kind: 'closed' };
    if (notPosted !== undefined) return broken(sides, notPosted);
  }
  if (authorized !== undefined && approved !== undefined && posted !== undefined && booked !== undefined) {
    return compare(sides, { authorized, approved, posted, booked });
  }
  return overdue ? missing(sides) : { kind: 'open' };
}

/** Everything is there: does it agree? */
function compare(
  sides: TransactionSides,
  all: Required<Pick<TransactionSides, 'authorized' | 'approved' | 'posted' | 'booked'>>,
): Reconciliation {
  const { authorized, approved, posted, booked } = all;
  if (!sameMoney(authorized.amount, approved.amount)) {
    return mismatch(
      sides,
      'AMOUNT_MISMATCH',
      `authorized ${text(authorized.amount)}, approved for posting ${text(approved.amount)}`,
    );
  }
  if (!isBalanced(booked.controlTotals))
    return mismatch(sides, 'UNBALANCED', 'debits and credits in the ledger differ');
  if (posted.controlTotals.count !== booked.controlTotals.count) {
    const counts = `${posted.controlTotals.count} entries were posted, ${booked.controlTotals.count} are booked`;
    return mismatch(sides, 'COUNT_MISMATCH', counts);
  }
  if (JSON.stringify(posted.controlTotals.currencies) !== JSON.stringify(booked.controlTotals.currencies)) {
    return mismatch(sides, 'AMOUNT_MISMATCH', 'the sums that were posted and booked differ');
  }
  if (posted.controlTotals.hashTotal !== booked.controlTotals.hashTotal) {
    return mismatch(sides, 'HASH_MISMATCH', 'the accounts that were posted to and booked on differ');
  }
  const { currency, minorUnits } = approved.billed;
  const sum = booked.controlTotals.currencies.find((each) => each.currency === currency);
  // The sums also hold fees and tax, so they are at least what was billed; but what follows another transaction books
  // the difference, which may be anything.
  if (approved.follows !== true && (sum === undefined || BigInt(sum.debits) < BigInt(minorUnits))) {
    return mismatch(
      sides,
      'AMOUNT_MISMATCH',
      `billed ${text(approved.billed)}, booked ${sum?.debits ?? '0'} ${currency}`,
    );
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
      sequenceId: booked.sequenceId,
      amount: authorized.amount,
      controlTotals: booked.controlTotals,
    },
  };
}

/** It was said to be a break: by its own name where it has one, else as what is not posted. */
function broken(
  sides: TransactionSides,
  { reason, explanation }: NonNullable<TransactionSides['notPosted']>,
): Reconciliation {
  const type = reason === 'REVERSAL_WITHOUT_ORIGINAL' ? reason : 'A_NOT_P';
  return mismatch(sides, type, `${reason}: ${explanation}`);
}

/** Something has not come and is overdue. */
function missing(sides: TransactionSides): Reconciliation {
  const { authorized, posted, booked } = sides;
  if (booked !== undefined && (posted === undefined || authorized === undefined)) {
    const lacks = authorized === undefined ? 'authorized' : 'said to be posted';
    return mismatch(sides, 'L_NOT_P', `the ledger has it, but it was never ${lacks}`);
  }
  if (posted !== undefined)
    return mismatch(sides, 'P_NOT_L', 'it was said to be posted, but the ledger does not have it');
  return mismatch(sides, 'A_NOT_P', 'it was authorized and is not posted');
}

function mismatch(sides: TransactionSides, type: Mismatch['type'], explanation: string): Reconciliation {
  const { transactionId, scheme, loggedAt, authorized, posted, booked } = sides;
  const record = {
    transactionId,
    idempotencyKey: recordKeyOf('ReconciliationMismatchDetected', transactionId, type),
    scheme,
    loggedAt,
    lifecycleId: lifecycleOf(sides),
    breakId: identifierOf('break', transactionId, type),
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
    },
  };
  return { kind: 'mismatch', record };
}

/** A transaction of which only the authorization is known has no life cycle id yet; its own id stands for it. */
function lifecycleOf({ lifecycleId, transactionId }: TransactionSides): string {
  return lifecycleId ?? transactionId;
}

function sameMoney(left: Money, right: Money): boolean {
  return left.minorUnits === right.minorUnits && left.currency === right.currency;
}

function isBalanced({ currencies }: ControlTotals): boolean {
  return currencies.every(({ debits, credits }) => debits === credits);
}

function text({ minorUnits, currency }: Money): string {
  return `${minorUnits} ${currency}`;
}
