import type { ReconciliationReport } from './report.ts';

const SUMS = { entries: 4, debits: '1234567', credits: '1234567' };

/** A report with something in each of its parts. */
export const REPORT: ReconciliationReport = {
  businessDate: '2026-11-22',
  environment: 'local',
  generatedAt: '2026-11-22T18:00:00.000Z',
  transactions: [
    {
      scheme: 'VISA',
      authorized: 1204,
      posted: 1200,
      booked: 1199,
      reconciled: 1199,
      ended: 3,
      outstanding: 2,
      corrections: 1,
    },
  ],
  totals: [
    {
      scheme: 'VISA',
      currency: 'GBP',
      authorized: { transactions: 1204, amount: '1200000' },
      posted: SUMS,
      ledger: { ...SUMS, entries: 3, debits: '1234466' },
      standing: 'DIFFERS',
    },
    {
      scheme: 'VISA',
      currency: 'JPY',
      authorized: { transactions: 0, amount: '0' },
      posted: SUMS,
      ledger: SUMS,
      standing: 'CORRECTED',
    },
  ],
  controls: [
    {
      scheme: 'VISA',
      currency: 'GBP',
      eventCode: 'CARDPUR',
      posted: { ...SUMS, hashTotal: '17' },
      ledger: { ...SUMS, hashTotal: '18' },
      standing: 'DIFFERS',
    },
  ],
  postedWithoutEntries: 0,
  breaks: {
    byType: [
      {
        type: 'AMOUNT_MISMATCH',
        opened: 6,
        patched: 3,
        closed: 1,
        parked: 1,
        proposed: 0,
        open: 1,
        oldestSince: '2026-11-22T14:30:00.000Z',
      },
    ],
    waiting: [
      {
        breakId: '0a1b2c3d-0000-5000-8000-000000000000',
        transactionId: '343ec004-0000-5000-8000-000000000000',
        type: 'AMOUNT_MISMATCH',
        state: 'PARKED',
        openedAt: '2026-11-22T14:30:00.000Z',
        explanation: '<img src=x onerror="alert(1)"> & \'more\'',
        owner: 'ledger-operations',
        parkedBecause: 'AMOUNT_CAP',
        atRisk: { minorUnits: '101', currency: 'GBP' },
      },
    ],
    waitingCount: 1,
    oldest: {
      breakId: '1a1b2c3d-0000-5000-8000-000000000000',
      transactionId: '443ec004-0000-5000-8000-000000000000',
      type: 'P_NOT_L',
      state: 'OPEN',
      openedAt: '2026-11-19T14:00:00.000Z',
      explanation: 'posted, and not in the ledger',
    },
  },
};
