import type { PostedEntry } from '@payments/schemas';
import type { Break, LedgerRow } from './break.ts';

export const BREAK_ID = '3f0e5a6e-6b0b-5c1e-9d3a-0a1b2c3d4e5f';
export const SEQUENCE_ID = '7d0e5a6e-6b0b-5c1e-9d3a-0a1b2c3d4e5f';
export const OPENED_AT = '2026-11-22T10:00:00.000Z';

/** An entry of a sequence; a purchase's own unless told otherwise. */
export function postedEntry(number: number, overrides: Partial<PostedEntry> = {}): PostedEntry {
  return {
    number,
    role: number % 2 === 1 ? 'CUST' : 'SUSP',
    accountId: number % 2 === 1 ? 'ACC-0001' : 'GL-SUSP-VISA-GBP',
    branch: 'HEADOFFICE',
    direction: number % 2 === 1 ? 'DEBIT' : 'CREDIT',
    minorUnits: '2599',
    currency: 'GBP',
    amountTag: 'PRINCIPAL',
    eventCode: 'CARDPUR',
    ...overrides,
  };
}

/** The row that books an entry. */
export function rowOf(entry: PostedEntry, overrides: Partial<LedgerRow> = {}): LedgerRow {
  const { number, accountId, direction, minorUnits, currency } = entry;
  return {
    rowId: `row-${number}`,
    sequenceId: SEQUENCE_ID,
    number,
    accountId,
    direction,
    minorUnits,
    currency,
    bookingDate: '2026-11-22',
    valueDate: '2026-11-22',
    ...overrides,
  };
}

/** A case of a purchase of 25.99 GBP; of its sides nothing differs unless told so. */
export function brokenCase(overrides: Partial<Break> = {}): Break {
  const posted = [postedEntry(1), postedEntry(2)];
  return {
    breakId: BREAK_ID,
    transactionId: '576a0688-b1b5-5616-b56e-1dceb43e95be',
    scheme: 'VISA',
    loggedAt: '2026-11-22T09:00:00Z',
    lifecycleId: 'VISA.316319101500002',
    type: 'AMOUNT_MISMATCH',
    explanation: 'the amounts that were posted and booked differ',
    sequenceId: SEQUENCE_ID,
    atRisk: { minorUnits: '100', currency: 'GBP' },
    sides: { posted, booked: posted.map((entry) => rowOf(entry)) },
    lastGood: { event: 'TransactionPostingApproved', producedAt: '2026-11-22T09:00:01.000Z' },
    state: 'OPEN',
    openedAt: OPENED_AT,
    changedAt: OPENED_AT,
    attempts: 0,
    ...overrides,
  };
}
