import { describe, expect, it } from '@jest/globals';
import { contracts } from '@payments/schemas/contracts';
import fc from 'fast-check';
import { bookedSidesOf, rowTotalsOf } from './booked-side.ts';
import type { LedgerRow } from './break.ts';
import { anySequence, DAMAGES, rowsOf } from './posted-sequence.fixture.ts';
import { sweepOverdue } from './reconcile-reports.ts';
import { type Reconciliation, reconcileTransaction } from './reconcile-transaction.ts';
import type { TransactionSides } from './transaction-sides.ts';

const [sequence] = fc.sample(anySequence, { numRuns: 1, seed: 7 });
if (sequence === undefined) throw new Error('no sequence was made up');
const { transactionId, sequenceId, scheme, loggedAt, lifecycleId, bookingDate, valueDate } = sequence;
const entries = sequence.entries ?? [];
const rows: LedgerRow[] = rowsOf(sequence).map((row) => ({ ...row, loggedAt, lifecycleId }));
const at = (seconds: number): string => `2026-11-20T10:15:0${seconds}Z`;
const amount = { minorUnits: entries[0]?.minorUnits ?? '0', currency: entries[0]?.currency ?? 'GBP' };

const known = { transactionId, scheme, loggedAt, lifecycleId };
const authorized = { authorized: { amount, saidAt: at(1) } };
const approved = { approved: { amount, billed: amount, follows: true, saidAt: at(2) } };
const posted = {
  posted: { sequenceId, controlTotals: rowTotalsOf(rows), bookingDate, valueDate, entries, saidAt: at(3) },
};
const booked = { booked: { sequenceId, controlTotals: rowTotalsOf(rows) } };
const rejectedFor = (reason: string) => ({ rejected: { reason, saidAt: at(4) } });
const failedFor = (reason: string) => ({ failed: { reason, saidAt: at(4) } });
const delayed = {
  delayed: { sequenceId, count: entries.length, present: [1], saidAt: at(4) },
};

function standing(sides: Partial<TransactionSides>, overdue = false, booked?: readonly LedgerRow[]): string {
  return textOf(reconcileTransaction({ ...known, ...sides }, overdue, booked));
}

function textOf(reconciliation: Reconciliation): string {
  if (reconciliation.kind !== 'mismatch') return reconciliation.kind;
  expect(contracts.ReconciliationMismatchDetected.produces(reconciliation.record)).toBe(true);
  const { type, lastGood, unheard } = reconciliation.finding;
  return [
    type,
    `after ${lastGood?.event ?? 'nothing'}`,
    ...(unheard ?? []).map((side) => `unheard ${side}`),
  ].join(', ');
}

describe('a transaction', () => {
  it('took as long as from what said it authorized to what said it posted', () => {
    const whole = { ...known, ...authorized, ...approved, ...posted, ...booked };
    expect(reconcileTransaction(whole, false)).toMatchObject({ kind: 'reconciled', postingMs: 2000 });
    const late = { authorized: { amount, saidAt: at(9) } };
    expect(reconcileTransaction({ ...whole, ...late }, false)).toMatchObject({ postingMs: 0 });
  });

  it.each([
    ['all of it', { ...authorized, ...approved, ...posted, ...booked }, 'reconciled'],
    ['on its way', { ...authorized, ...approved }, 'open'],
    [
      'entries that have not come',
      { ...authorized, ...approved, ...delayed },
      'SEQ_INCOMPLETE, after TransactionPostingApproved',
    ],
    [
      'entries that came late',
      { ...authorized, ...approved, ...posted, ...booked, ...delayed },
      'reconciled',
    ],
    [
      'an account that was closed',
      { ...authorized, ...rejectedFor('ACCOUNT_CLOSED') },
      'STALE_REFERENCE, after TransactionAuthorized',
    ],
    [
      'an account that was moved, at the core',
      { ...authorized, ...approved, ...failedFor('ACCOUNT_MOVED') },
      'STALE_REFERENCE, after TransactionPostingApproved',
    ],
    ['another refusal', { ...authorized, ...rejectedFor('CARD_BLOCKED') }, 'closed'],
    [
      'a sequence out of balance',
      { ...authorized, ...approved, ...failedFor('UNBALANCED') },
      'UNBALANCED, after TransactionPostingApproved',
    ],
    [
      'refused, and posted',
      { ...authorized, ...rejectedFor('CARD_BLOCKED'), ...booked },
      'POSTED_UNAPPROVED, after TransactionAuthorized',
    ],
    [
      'failed, and booked',
      { ...authorized, ...approved, ...failedFor('CORE_REFUSED'), ...booked },
      'L_NOT_P, after TransactionPostingApproved',
    ],
    [
      'a replay that meets other rules',
      { ...authorized, ...approved, ...posted, ...booked, ...rejectedFor('ACCOUNT_CLOSED') },
      'reconciled',
    ],
    [
      'a replay that meets another core',
      { ...authorized, ...approved, ...posted, ...booked, ...failedFor('ACCOUNT_CLOSED') },
      'reconciled',
    ],
  ])('stands as what was heard of it says: %s', (_what, sides, expected) => {
    expect(standing(sides)).toBe(expected);
  });

  it.each([
    ['lost before it was approved', authorized, 'A_NOT_P, after TransactionAuthorized'],
    [
      'a reversal lost before it was posted',
      { authorized: { ...authorized.authorized, reverses: true }, ...approved },
      'ORIGINAL_WITHOUT_REVERSAL, after TransactionPostingApproved',
    ],
    [
      'lost before it was posted',
      { ...authorized, ...approved },
      'A_NOT_P, after TransactionPostingApproved',
    ],
    [
      'an acknowledgement lost',
      { ...authorized, ...approved, ...booked },
      'L_NOT_P, after TransactionPostingApproved',
    ],
    ['not booked', { ...authorized, ...approved, ...posted }, 'P_NOT_L, after TransactionPosted'],
    ['known by the ledger alone', booked, 'L_NOT_P, after nothing'],
    [
      'an authorization not heard of',
      { ...approved, ...posted, ...booked },
      'POSTED_UNAPPROVED, after TransactionPosted, unheard authorized',
    ],
    [
      'an approval not heard of',
      { ...authorized, ...posted, ...booked },
      'POSTED_UNAPPROVED, after TransactionPosted, unheard approved',
    ],
    ['refused, and not heard to be authorized', rejectedFor('CARD_BLOCKED'), 'closed'],
    ['nothing of its own', {}, 'closed'],
  ])('is a mismatch once it is overdue: %s', (_what, sides, expected) => {
    expect(standing(sides)).toBe('open');
    expect(standing(sides, true)).toBe(expected);
  });

  it('is compared entry by entry where the rows were read', () => {
    const all = { ...authorized, ...approved, ...posted, ...booked };
    const [row, ...rest] = rows;
    if (row === undefined) throw new Error('there are no rows');
    for (const [type, spoil] of Object.entries(DAMAGES)) {
      expect(standing(all, false, [...spoil(row), ...rest])).toBe(`${type}, after TransactionPosted`);
    }
    expect(standing(all, false, rows)).toBe('reconciled');
  });
});

describe('the sweep', () => {
  const overdue: TransactionSides = { ...known, ...authorized, ...approved, ...posted };

  function storeOf(sides: TransactionSides) {
    const results: string[] = [];
    const store = {
      add: async (reports: readonly TransactionSides[]) => reports.map((report) => ({ ...sides, ...report })),
      settle: async (settled: readonly { result: string }[]) => {
        results.push(...settled.map(({ result }) => result));
      },
      overdue: async () => [sides],
    };
    return { store, results };
  }

  it('asks the ledger before it says that it does not have it', async () => {
    expect(bookedSidesOf(rows)).toEqual([{ ...known, ...booked }]);
    const { store, results } = storeOf(overdue);
    const ledger = {
      rowsOf: async (ids: readonly string[]) => rows.filter((row) => ids.includes(row.sequenceId)),
    };
    expect([...(await sweepOverdue(store, 10, ledger)).values()].map(textOf)).toEqual(['reconciled']);
    expect(results).toEqual(['RECONCILED']);
  });

  it('says so where it has nothing, or less than was posted', async () => {
    for (const there of [[], rows.slice(1)]) {
      const { store } = storeOf(overdue);
      const standing = await sweepOverdue(store, 10, { rowsOf: async () => there });
      expect([...standing.values()].map(textOf)).toEqual(['P_NOT_L, after TransactionPosted']);
    }
  });
});
