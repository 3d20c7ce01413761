import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import fc from 'fast-check';
import { DynamoDbSideStore } from './adapters/dynamodb-side-store.ts';
import { bookedSidesOf, rowTotalsOf } from './booked-side.ts';
import { BreakTables } from './break-tables.fixture.ts';
import type { PostedSequence } from './pass-ports.ts';
import { anySequence, rowsOf } from './posted-sequence.fixture.ts';
import { reconcileReports } from './reconcile-reports.ts';
import { reconcileTransaction } from './reconcile-transaction.ts';
import { type SideRow, sidesOfRow, sideUpdateOf } from './side-row.ts';
import { mergeSides, type TransactionSides } from './transaction-sides.ts';

const RECONCILIATION = 'payments-local-reconcile-reconciliation';
const PATIENCE = { overdueMs: 60_000, windowMs: 0 };

/** All that is ever said of a transaction, some of it again by a replay, some of it otherwise. */
function reportsOf(sequence: PostedSequence, seconds: readonly number[]): TransactionSides[] {
  const { transactionId, scheme, loggedAt, lifecycleId, sequenceId, bookingDate, valueDate } = sequence;
  const known = { transactionId, scheme, loggedAt };
  const followed = { ...known, lifecycleId };
  const amount = { minorUnits: '2599', currency: 'GBP' };
  const entries = sequence.entries ?? [];
  const rows = rowsOf(sequence).map((row) => ({ ...row, loggedAt, lifecycleId }));
  const content = { controlTotals: rowTotalsOf(rows), bookingDate, valueDate };
  const correcting = identifierOf('correction', sequenceId);
  const correction = { breakId: identifierOf('break', sequenceId), ...content };
  return [
    ...seconds.flatMap((second): TransactionSides[] => {
      const saidAt = `2026-11-22T10:15:${String(second).padStart(2, '0')}Z`;
      return [
        { ...known, authorized: { amount, follows: false, saidAt } },
        { ...followed, approved: { amount, billed: amount, follows: true, saidAt } },
        { ...followed, rejected: { reason: second % 2 === 0 ? 'ACCOUNT_CLOSED' : 'CARD_BLOCKED', saidAt } },
        { ...followed, delayed: { sequenceId, count: entries.length, present: [1 + (second % 2)], saidAt } },
        { ...followed, posted: { sequenceId, ...content, saidAt } },
        { ...followed, posted: { sequenceId, ...content, entries, saidAt } },
        { ...followed, corrections: { [correcting]: { ...correction, saidAt } } },
        { ...followed, corrections: { [correcting]: { ...correction, entries, saidAt } } },
        { ...followed, failed: { reason: second % 2 === 0 ? 'ACCOUNT_CLOSED' : 'CORE_REFUSED', saidAt } },
        {
          ...followed,
          notPosted: { disposition: 'CLOSED', reason: 'NO_AMOUNT', explanation: `it is ${second}`, saidAt },
        },
        { ...followed, held: { action: second % 2 === 0 ? 'HOLD' : 'HOLD_ADJUST', saidAt } },
      ];
    }),
    ...bookedSidesOf(rows),
  ];
}

/** Some of all that is said of a transaction, and two orders of it with repetitions. */
const anyReports = fc
  .record({
    sequence: anySequence,
    seconds: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }),
  })
  .chain(({ sequence, seconds }) => {
    const all = reportsOf(sequence, seconds);
    return fc.subarray(all, { minLength: 1 }).chain((said) =>
      fc.record({
        said: fc.constant(said),
        orders: fc.tuple(orderOf(said.length), orderOf(said.length)),
      }),
    );
  });

/** Every place at least once, in any order, some of them again. */
function orderOf(length: number): fc.Arbitrary<number[]> {
  const places = Array.from({ length }, (_, place) => place);
  return fc
    .tuple(fc.array(fc.nat(length - 1), { maxLength: 8 }), fc.infiniteStream(fc.nat()))
    .map(([again, ranks]) =>
      [...places, ...again]
        .map((place) => ({ place, rank: ranks.next().value ?? 0 }))
        .sort((left, right) => left.rank - right.rank)
        .map(({ place }) => place),
    );
}

function inOrder<Item>(items: readonly Item[], order: readonly number[]): Item[] {
  return order.flatMap((place) => items[place] ?? []);
}

/** A row after an update, as DynamoDB makes it: what is set is set, sets of strings take what they do not have. */
function updated(row: SideRow | undefined, report: TransactionSides): SideRow {
  const { sets, adds } = sideUpdateOf(report);
  const before = (row ?? {}) as Record<string, unknown>;
  const added = Object.entries(adds).map(([name, members]) => {
    const known = before[name];
    return [name, new Set([...(known instanceof Set ? known : []), ...members])];
  });
  return { ...before, transactionId: report.transactionId, ...sets, ...Object.fromEntries(added) } as SideRow;
}

describe('what reconciliation knows of a transaction', () => {
  it('is the same in whatever order it is told, and however often', () => {
    fc.assert(
      fc.property(anyReports, ({ said, orders: [one, other] }) => {
        const merged = inOrder(said, one).reduce(mergeSides);
        expect(inOrder(said, other).reduce(mergeSides)).toEqual(merged);
        expect(mergeSides(merged, merged)).toEqual(merged);
        // In parts, as batches bring it.
        const half = Math.ceil(one.length / 2);
        const parts = [one.slice(0, half), one.slice(half)].filter(({ length }) => length > 0);
        expect(parts.map((part) => inOrder(said, part).reduce(mergeSides)).reduce(mergeSides)).toEqual(
          merged,
        );
      }),
    );
  });

  it('is in its row what was said, in whatever order rows are written', () => {
    fc.assert(
      fc.property(anyReports, ({ said, orders: [one, other] }) => {
        const merged = inOrder(said, one).reduce(mergeSides);
        for (const order of [one, other]) {
          const row = inOrder(said, order).reduce<SideRow | undefined>(updated, undefined);
          expect(row && sidesOfRow(row)).toEqual(merged);
        }
      }),
    );
  });

  it('leads to the same finding, whatever the order', () => {
    fc.assert(
      fc.property(anyReports, fc.boolean(), ({ said, orders: [one, other] }, overdue) => {
        const [left, right] = [one, other].map((order) =>
          reconcileTransaction(inOrder(said, order).reduce(mergeSides), overdue),
        );
        expect(left).toEqual(right);
      }),
    );
  });
});

describe('the projection', () => {
  let tables: BreakTables;
  beforeAll(async () => {
    tables = await BreakTables.open();
  });
  afterAll(async () => {
    await tables.close();
  });

  it('thrown away and made again from events and ledger, in another order, is the same', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyReports, { selector: ({ said }) => said[0]?.transactionId, maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        async (transactions, batch) => {
          run += 1;
          const store = new DynamoDbSideStore(tables.documents, RECONCILIATION, PATIENCE, tables.clock);
          const told: unknown[] = [];
          for (const way of [0, 1] as const) {
            // Each way has rows of its own.
            const own = (id: string): string => identifierOf('run', String(run), String(way), id);
            const reports = transactions.flatMap(({ said, orders }) =>
              inOrder(said, orders[way]).map((report) => ({
                ...report,
                transactionId: own(report.transactionId),
              })),
            );
            for (let start = 0; start < reports.length; start += batch)
              await reconcileReports(reports.slice(start, start + batch), store);
            const known = await store.find(transactions.map(({ said }) => own(said[0]?.transactionId ?? '')));
            told.push(
              new Set(known.map(({ transactionId: _, ...sides }) => JSON.stringify(canonical(sides)))),
            );
            expect(known).toHaveLength(transactions.length);
          }
          expect(told[0]).toEqual(told[1]);
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** The same value with its members in the order of their names, whatever order a store gives them in. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, canonical(member)] as const);
  return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)));
}
