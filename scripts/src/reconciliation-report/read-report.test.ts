import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import type { LedgerRow } from '@payments/reconcile/break';
import { openBreaks } from '@payments/reconcile/open-breaks';
import type { PostedSequence } from '@payments/reconcile/pass-ports';
import type { PostedEntry } from '@payments/schemas';
import {
  amountFinding,
  environment,
  purchaseEntries,
  ReconcileCloud,
} from '../commands/reconcile-cloud.fixture.ts';
import { readReport } from './read-report.ts';
import type { ReconciliationReport } from './report.ts';

const DATE = '2026-11-21';
const NOW = Date.parse('2026-11-22T08:00:00Z');
const cloud = new ReconcileCloud();
afterAll(() => cloud.remove());

/** What was posted, and how its first entry is booked: by name, minor units, day. */
const PURCHASES = [
  ['one', '2599', '2599', DATE],
  ['two', '1000', '1000', DATE],
  ['altered', '700', '900', DATE],
  // Of another day: in no figure but the age of the oldest break.
  ['before', '5000', '5000', '2026-11-20'],
] as const;

function postedOf(name: string, minorUnits: string, day: string): PostedSequence {
  return {
    transactionId: identifierOf('transaction', name),
    scheme: 'VISA',
    loggedAt: `${day}T10:00:00Z`,
    lifecycleId: `VISA.${name}`,
    sequenceId: identifierOf('sequence', name),
    bookingDate: day,
    valueDate: day,
    entries: purchaseEntries(minorUnits),
    saidAt: `${day}T10:00:02Z`,
  };
}

function rowsOf(
  { sequenceId, scheme, bookingDate, valueDate }: PostedSequence,
  entries: readonly PostedEntry[],
): LedgerRow[] {
  return entries.map(({ number, accountId, direction, minorUnits, currency, eventCode }) => ({
    rowId: `${sequenceId}/${number}`,
    sequenceId,
    number,
    accountId,
    direction,
    minorUnits,
    currency,
    eventCode,
    scheme,
    bookingDate,
    valueDate,
  }));
}

async function* once<Page>(page: Page): AsyncGenerator<Page> {
  yield page;
}

describe('a report of one business date', () => {
  let report: ReconciliationReport;

  beforeAll(async () => {
    await cloud.fill(
      async ({ documents, sides, breaks }) => {
        const posted = PURCHASES.map(([name, minorUnits, , day]) => postedOf(name, minorUnits, day));
        const rows = PURCHASES.flatMap(([name, minorUnits, booked, day]) => {
          const [first, second] = purchaseEntries(minorUnits);
          if (first === undefined || second === undefined) throw new Error('a purchase has two entries');
          return rowsOf(postedOf(name, minorUnits, day), [{ ...first, minorUnits: booked }, second]);
        });
        for (const { transactionId, scheme, loggedAt, sequenceId, saidAt, bookingDate, entries } of posted) {
          const controlTotals = { count: 2, currencies: [], hashTotal: '1' };
          await sides.add([
            {
              transactionId,
              scheme,
              loggedAt,
              authorized: { amount: { minorUnits: entries?.[0]?.minorUnits ?? '', currency: 'GBP' }, saidAt },
              posted: {
                sequenceId,
                controlTotals,
                bookingDate,
                valueDate: bookingDate,
                saidAt,
                ...(entries && { entries }),
              },
              booked: { sequenceId, controlTotals },
            },
          ]);
        }
        const refused = identifierOf('transaction', 'refused');
        const open = identifierOf('transaction', 'open');
        const authorized = { amount: { minorUnits: '12345', currency: 'JPY' }, saidAt: `${DATE}T11:00:00Z` };
        for (const transactionId of [refused, open])
          await sides.add([
            { transactionId, scheme: 'MASTERCARD', loggedAt: `${DATE}T11:00:00Z`, authorized },
          ]);
        await sides.settle([
          { transactionId: refused, result: 'CLOSED' },
          { transactionId: identifierOf('transaction', 'one'), result: 'RECONCILED' },
          { transactionId: identifierOf('transaction', 'two'), result: 'RECONCILED' },
          { transactionId: identifierOf('transaction', 'altered'), result: 'AMOUNT_MISMATCH' },
        ]);
        await openBreaks(
          [amountFinding('altered', '700', '900', `${DATE}T10:00:00Z`)],
          breaks,
          `${DATE}T12:00:00Z`,
        );
        await openBreaks(
          [amountFinding('before', '1', '2', '2026-11-20T10:00:00Z')],
          breaks,
          '2026-11-20T12:00:00Z',
        );
        const scope = { scheme: true, eventCode: true, valueDate: true };
        report = await readReport(
          {
            environment,
            documents,
            posted: { read: () => once(posted), find: async () => [] },
            ledger: { scope, read: () => once(rows) },
          },
          DATE,
          NOW,
        );
      },
      { tables: true },
    );
  });

  it('counts transactions by what became of them', () => {
    expect(report.transactions).toEqual([
      {
        scheme: 'MASTERCARD',
        authorized: 2,
        posted: 0,
        booked: 0,
        reconciled: 0,
        ended: 1,
        outstanding: 1,
        corrections: 0,
      },
      {
        scheme: 'VISA',
        authorized: 3,
        posted: 3,
        booked: 3,
        reconciled: 2,
        ended: 0,
        outstanding: 1,
        corrections: 0,
      },
    ]);
  });

  it('adds up each side', () => {
    const nothing = { entries: 0, debits: '0', credits: '0' };
    expect(report.totals).toEqual([
      {
        scheme: 'MASTERCARD',
        currency: 'JPY',
        authorized: { transactions: 2, amount: '24690' },
        posted: nothing,
        ledger: nothing,
        standing: 'AGREES',
      },
      {
        scheme: 'VISA',
        currency: 'GBP',
        authorized: { transactions: 3, amount: '4299' },
        posted: { entries: 6, debits: '4299', credits: '4299' },
        ledger: { entries: 6, debits: '4499', credits: '4299' },
        standing: 'DIFFERS',
      },
    ]);
    expect(report.controls).toMatchObject([
      {
        scheme: 'VISA',
        currency: 'GBP',
        eventCode: 'CARDPUR',
        ledger: { debits: '4499' },
        standing: 'DIFFERS',
      },
    ]);
    expect(report.controls[0]?.posted.hashTotal).not.toBe(report.controls[0]?.ledger.hashTotal);
  });

  it('counts the breaks of the date, and names the oldest of any date', () => {
    const { byType, waiting, waitingCount, oldest } = report.breaks;
    expect(byType).toEqual([
      {
        type: 'AMOUNT_MISMATCH',
        opened: 1,
        patched: 0,
        closed: 0,
        parked: 0,
        proposed: 0,
        open: 1,
        oldestSince: `${DATE}T12:00:00Z`,
      },
    ]);
    expect(waitingCount).toBe(1);
    expect(waiting[0]).toMatchObject({
      transactionId: identifierOf('transaction', 'altered'),
      atRisk: { minorUnits: '200' },
    });
    expect(oldest?.openedAt).toBe('2026-11-20T12:00:00Z');
  });
});
