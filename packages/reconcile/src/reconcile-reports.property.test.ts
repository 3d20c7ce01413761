import { describe, expect, it } from '@jest/globals';
import { identifierOf, sequenceIdOf } from '@payments/domain';
import { contracts } from '@payments/schemas/contracts';
import fc from 'fast-check';
import type { SideStore } from './ports.ts';
import { reconcileReports, sweepOverdue } from './reconcile-reports.ts';
import { reconcileTransaction } from './reconcile-transaction.ts';
import { mergeSides, type TransactionSides } from './transaction-sides.ts';

const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });
/** So many seconds after it was authorized. */
const at = (seconds: number): string => `2026-11-15T10:15:0${seconds}Z`;
const totals = (sum: string, count = 2, hashTotal = '1') => ({
  count,
  currencies: [{ currency: 'GBP', debits: sum, credits: sum }],
  hashTotal,
});

/** The reports of one transaction of which all sides agree. */
function agreeing(name: string) {
  const transactionId = identifierOf('transaction', name);
  const known = { transactionId, scheme: 'VISA', loggedAt: '2026-11-15T10:15:01Z' };
  const sequenceId = sequenceIdOf(transactionId);
  const lifecycleId = `VISA-${name}`;
  return {
    authorized: { ...known, authorized: { amount: gbp('2599'), saidAt: at(1) } },
    approved: {
      ...known,
      lifecycleId,
      approved: { amount: gbp('2599'), billed: gbp('2599'), saidAt: at(2) },
    },
    posted: {
      ...known,
      lifecycleId,
      posted: {
        sequenceId,
        controlTotals: totals('2599'),
        bookingDate: '2026-11-15',
        valueDate: '2026-11-15',
        saidAt: at(3),
      },
    },
    booked: { ...known, lifecycleId, booked: { sequenceId, controlTotals: totals('2599') } },
    rejected: { ...known, lifecycleId, rejected: { reason: 'ACCOUNT_BLOCKED', saidAt: at(2) } },
    failed: { ...known, lifecycleId, failed: { reason: 'ACCOUNT_CURRENCY', saidAt: at(3) } },
    ended: {
      ...known,
      lifecycleId,
      notPosted: {
        disposition: 'CLOSED',
        reason: 'NO_AMOUNT',
        explanation: 'it moves nothing',
        saidAt: at(3),
      },
    },
    broken: {
      ...known,
      lifecycleId,
      notPosted: {
        disposition: 'BREAK',
        reason: 'REVERSAL_WITHOUT_ORIGINAL',
        explanation: 'it names none',
        saidAt: at(3),
      },
    },
    held: { ...known, lifecycleId, held: { action: 'HOLD', saidAt: at(3) } },
  } satisfies Record<string, TransactionSides>;
}

function memoryStore() {
  const rows = new Map<string, TransactionSides>();
  const results = new Map<string, string>();
  const store: SideStore = {
    add: async (reports) =>
      reports.map((report) => {
        const known = rows.get(report.transactionId);
        const merged = known === undefined ? report : mergeSides(known, report);
        rows.set(report.transactionId, merged);
        return merged;
      }),
    settle: async (settled) => {
      for (const { transactionId, result } of settled) results.set(transactionId, result);
    },
    overdue: async (max) =>
      [...rows.values()].filter(({ transactionId }) => !results.has(transactionId)).slice(0, max),
  };
  return { store, results };
}

describe('reconciling', () => {
  it('finds every agreeing transaction, whatever the order, the grouping and the repetition of the reports', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.nat(1000)),
        async (count, numbers) => {
          const random = (below: number): number => (numbers.next().value ?? 0) % below;
          const { store, results } = memoryStore();
          const pending = Array.from({ length: count }, (_, index) => agreeing(String(index))).flatMap(
            ({ authorized, approved, posted, booked }) => [authorized, approved, posted, booked],
          );
          pending.push(...pending.filter(() => random(3) === 0));
          pending.sort(() => random(2) - 0.5);
          const said = new Set<string>();
          while (pending.length > 0) {
            const standing = await reconcileReports(pending.splice(0, 1 + random(5)), store);
            for (const [id, { kind }] of standing) if (kind === 'reconciled') said.add(id);
          }
          expect(said.size).toBe(count);
          expect([...results.values()]).toEqual(Array(count).fill('RECONCILED'));
          expect((await sweepOverdue(store, 100)).size).toBe(0);
        },
      ),
    );
  });

  const { authorized, approved, posted, booked, rejected, failed, ended, broken, held } = agreeing('a');
  const all = [authorized, approved, posted, booked];
  const merged = (...reports: TransactionSides[]): TransactionSides => reports.reduce(mergeSides);

  it.each([
    ['never posted', merged(authorized, approved), 'A_NOT_P'],
    ['posted, not in the ledger', merged(authorized, approved, posted), 'P_NOT_L'],
    ['in the ledger, never said to be posted', merged(authorized, approved, booked), 'L_NOT_P'],
    ['in the ledger, never authorized', merged(booked), 'L_NOT_P'],
  ])('calls what is missing by its name once it is overdue: %s', (_what, sides, type) => {
    expect(reconcileTransaction(sides, false).kind).toBe('open');
    const found = reconcileTransaction(sides, true);
    if (found.kind !== 'mismatch') throw new Error(`it is ${found.kind}`);
    expect(found.record.mismatch.type).toBe(type);
    expect(contracts.ReconciliationMismatchDetected.produces(found.record)).toBe(true);
  });

  it.each([
    [
      'another amount authorized',
      { ...authorized, authorized: { amount: gbp('2600'), saidAt: at(1) } },
      'AMOUNT_MISMATCH',
    ],
    [
      'another sum booked',
      { ...booked, booked: { ...booked.booked, controlTotals: totals('2598') } },
      'AMOUNT_MISMATCH',
    ],
    [
      'another number of entries booked',
      { ...booked, booked: { ...booked.booked, controlTotals: totals('2599', 3) } },
      'COUNT_MISMATCH',
    ],
    [
      'other accounts booked',
      { ...booked, booked: { ...booked.booked, controlTotals: totals('2599', 2, '2') } },
      'HASH_MISMATCH',
    ],
    [
      'an unbalanced ledger',
      {
        ...booked,
        booked: {
          ...booked.booked,
          controlTotals: {
            ...totals('2599'),
            currencies: [{ currency: 'GBP', debits: '2599', credits: '1' }],
          },
        },
      },
      'UNBALANCED',
    ],
  ])('says what differs: %s', (_what, changed, type) => {
    expect(reconcileTransaction({ ...merged(...all), ...changed }, false)).toMatchObject({
      kind: 'mismatch',
      record: { mismatch: { type } },
    });
  });

  it('asks nothing of a transaction that was refused, unless it was posted all the same', () => {
    expect(reconcileTransaction(merged(authorized, rejected), true).kind).toBe('closed');
    expect(reconcileTransaction(merged(authorized, approved, failed), true).kind).toBe('closed');
    expect(reconcileTransaction(merged(authorized, rejected, booked), false)).toMatchObject({
      record: { mismatch: { type: 'POSTED_UNAPPROVED' } },
    });
  });

  it('asks nothing of a transaction that ends without entries, or is held', () => {
    expect(reconcileTransaction(merged(authorized, approved, ended), true).kind).toBe('closed');
    expect(reconcileTransaction(merged(authorized, approved, held), true).kind).toBe('closed');
    expect(reconcileTransaction(merged(ended), false).kind).toBe('open');
  });

  it('calls a break by its name, and takes it back when it is posted after all', () => {
    const found = reconcileTransaction(merged(authorized, approved, broken), false);
    if (found.kind !== 'mismatch') throw new Error(`it is ${found.kind}`);
    expect(found.record.mismatch).toMatchObject({
      type: 'REVERSAL_WITHOUT_ORIGINAL',
      explanation: 'REVERSAL_WITHOUT_ORIGINAL: it names none',
    });
    expect(contracts.ReconciliationMismatchDetected.produces(found.record)).toBe(true);
    const other = {
      ...broken,
      notPosted: { ...broken.notPosted, reason: 'REVERSAL_EXCEEDS_ORIGINAL' },
    } satisfies TransactionSides;
    expect(reconcileTransaction(merged(authorized, other), false)).toMatchObject({
      record: { mismatch: { type: 'A_NOT_P' } },
    });
    expect(reconcileTransaction(merged(authorized, approved, broken, posted), false).kind).toBe('open');
    expect(reconcileTransaction(merged(authorized, approved, posted, booked, broken), false).kind).toBe(
      'reconciled',
    );
  });

  it('expects of what follows another transaction no more than the difference', () => {
    const little = {
      posted: { ...posted.posted, controlTotals: totals('100') },
      booked: { ...booked.booked, controlTotals: totals('100') },
    };
    const sides = merged(
      authorized,
      approved,
      { ...posted, posted: little.posted },
      { ...booked, booked: little.booked },
    );
    expect(reconcileTransaction(sides, false)).toMatchObject({
      record: { mismatch: { type: 'AMOUNT_MISMATCH' } },
    });
    const follower = { ...approved, approved: { ...approved.approved, follows: true } };
    expect(reconcileTransaction({ ...sides, ...follower }, false).kind).toBe('reconciled');
  });

  it('says what is reconciled in a record that keeps its contract', () => {
    const found = reconcileTransaction(merged(...all), false);
    if (found.kind !== 'reconciled') throw new Error(`it is ${found.kind}`);
    expect(contracts.TransactionReconciled.produces(found.record)).toBe(true);
  });
});
