import { identifierOf, sequenceIdOf } from '@payments/domain';
import type { PostedEntry } from '@payments/schemas';
import fc from 'fast-check';
import type { LedgerRow } from './break.ts';
import type { PostedSequence } from './pass-ports.ts';

const DATES = ['2026-11-20', '2026-11-21'] as const;
const OTHER_DATE = '2026-11-25';
const SCHEMES = ['VISA', 'MASTERCARD'] as const;

/** A balanced sequence of two to eight entries in one or two currencies. */
export const anySequence: fc.Arbitrary<PostedSequence> = fc
  .record({
    pairs: fc.array(
      fc.record({
        amount: fc.bigInt({ min: 2n, max: 10n ** 9n }),
        currency: fc.constantFrom('GBP', 'EUR'),
        debited: fc.nat(5),
        credited: fc.integer({ min: 6, max: 9 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    name: fc.uuid(),
    date: fc.constantFrom(...DATES),
    scheme: fc.constantFrom(...SCHEMES),
  })
  .map(({ pairs, name, date, scheme }) => {
    const transactionId = identifierOf('transaction', name);
    const entries = pairs.flatMap(({ amount, currency, debited, credited }, index): PostedEntry[] => {
      const minorUnits = amount.toString();
      const about = {
        branch: 'LDN01',
        minorUnits,
        currency,
        amountTag: 'PRINCIPAL',
        eventCode: 'CARDPUR',
      } as const;
      return [
        { ...about, number: 2 * index + 1, role: 'CUST', accountId: `ACC-000${debited}`, direction: 'DEBIT' },
        {
          ...about,
          number: 2 * index + 2,
          role: 'SUSP',
          accountId: `GL-SUSP-${credited}`,
          direction: 'CREDIT',
        },
      ];
    });
    return {
      transactionId,
      scheme,
      loggedAt: `${date}T10:15:01Z`,
      lifecycleId: `${scheme}-${name.slice(0, 8)}`,
      sequenceId: sequenceIdOf(transactionId),
      bookingDate: date,
      valueDate: date,
      entries,
      saidAt: `${date}T10:15:03Z`,
    };
  });

/** The row that books an entry. */
export function rowOf(
  { sequenceId, corrects, bookingDate, valueDate, transactionId, scheme }: PostedSequence,
  { number, accountId, direction, minorUnits, currency, eventCode }: PostedEntry,
): LedgerRow {
  return {
    rowId: `${sequenceId}/ENTRY#${String(number).padStart(2, '0')}`,
    sequenceId,
    number,
    accountId,
    direction,
    minorUnits,
    currency,
    bookingDate,
    valueDate,
    eventCode,
    transactionId,
    scheme,
    ...(corrects === undefined ? {} : { corrects }),
  };
}

/** The rows that book a sequence as it was posted. */
export function rowsOf(sequence: PostedSequence): LedgerRow[] {
  return (sequence.entries ?? []).map((entry) => rowOf(sequence, entry));
}

/** Ways in which one row of a ledger may be wrong, by the type of the mismatch that it is. */
export const DAMAGES = {
  P_NOT_L: () => [],
  DUPLICATE_L: (row) => [row, { ...row, rowId: `${row.rowId}#2` }],
  L_NOT_P: (row) => [row, { ...row, rowId: `${row.rowId}#99`, number: 99 }],
  CURRENCY_MISMATCH: (row) => [{ ...row, currency: 'USD' }],
  ACCOUNT_MISMATCH: (row) => [{ ...row, accountId: 'ACC-9999' }],
  DIRECTION_MISMATCH: (row) => [{ ...row, direction: row.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT' }],
  AMOUNT_MISMATCH: (row) => [{ ...row, minorUnits: (BigInt(row.minorUnits) + 1n).toString() }],
  DATE_ONLY: (row) => [{ ...row, bookingDate: OTHER_DATE }],
} as const satisfies Record<string, (row: LedgerRow) => LedgerRow[]>;

export type DamageType = keyof typeof DAMAGES;

export const anyDamage = fc.constantFrom(...(Object.keys(DAMAGES) as DamageType[]));
