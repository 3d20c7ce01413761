import { describe, expect, it } from '@jest/globals';
import type { LedgerRow } from './break.ts';
import { type Correction, correctingEntries } from './correcting-entries.ts';
import { BREAK_ID, brokenCase, postedEntry, rowOf, SEQUENCE_ID } from './finding.fixture.ts';

const DATE = '2026-11-23';
const posted = [postedEntry(1), postedEntry(2)];
const [first, second] = posted.map((entry) => rowOf(entry)) as [LedgerRow, LedgerRow];

function correct(action: Parameters<typeof correctingEntries>[1], booked: readonly LedgerRow[], of = posted) {
  return correctingEntries(brokenCase({ sides: { posted: of, booked } }), action, DATE);
}

/** What entries move, in short. */
function moves(correction: ReturnType<typeof correct>) {
  if (typeof correction === 'string') return correction;
  return correction.entries.map(
    ({ account, direction, amount }) =>
      `${direction} ${account.role} ${account.accountId} ${amount.minorUnits} ${amount.currency}`,
  );
}

describe('a correcting sequence', () => {
  it('takes back the younger of two rows', () => {
    const younger = rowOf(postedEntry(1), { rowId: 'a', bookedAt: '2026-11-22T12:00:00Z' });
    const older = { ...first, bookedAt: '2026-11-22T10:00:00Z' };
    expect(moves(correct('CONTRA', [younger, older, second]))).toEqual(['CREDIT CUST ACC-0001 2599 GBP']);
  });

  it.each([
    ['amount', { minorUnits: '2499' }, 'CREDIT CUST ACC-0001 2499 GBP'],
    ['account', { accountId: 'ACC-0666' }, 'CREDIT CUST ACC-0666 2599 GBP'],
    ['direction', { direction: 'CREDIT' }, 'DEBIT CUST ACC-0001 2599 GBP'],
    ['currency', { currency: 'EUR' }, 'CREDIT CUST ACC-0001 2599 EUR'],
  ] as const)('takes back a row of another %s and books what was posted', (_what, difference, taken) => {
    expect(moves(correct('REVERSE_AND_REPOST', [{ ...first, ...difference }, second]))).toEqual([
      taken,
      'DEBIT CUST ACC-0001 2599 GBP',
    ]);
  });

  it.each([
    ['less', '2598', 'DEBIT'],
    ['more', '2600', 'CREDIT'],
  ] as const)('books what is %s within rounding as one leg', (_what, minorUnits, direction) => {
    const correction = correct('ROUND', [{ ...first, minorUnits }, second]) as Correction;
    expect(moves(correction)).toEqual([`${direction} CUST ACC-0001 1 GBP`]);
    expect(correction.entries[0]?.amountTag).toBe('ROUNDING');
  });

  it('names the sequence and the case that it puts right, and is the same when it is made again', () => {
    const again = () =>
      correct('REVERSE_AND_REPOST', [{ ...first, accountId: 'ACC-0666' }, second]) as Correction;
    const { sequenceId, entries } = again();
    expect(again()).toEqual({ sequenceId, entries });
    expect(sequenceId).not.toBe(SEQUENCE_ID);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        sequence: { id: sequenceId, count: 2 },
        eventCode: 'CORR',
        bookingDate: DATE,
        valueDate: '2026-11-22',
        narrative: 'CORRECTION 3f0e5a6e',
        correction: { sequenceId: SEQUENCE_ID, breakId: BREAK_ID },
      });
    }
    expect(entries.map(({ reversal }) => reversal)).toEqual([true, false]);
  });

  it('does not correct what a correction corrected', () => {
    const wrong = { ...first, accountId: 'ACC-0666' };
    const correction = [
      rowOf(postedEntry(1), { ...wrong, rowId: 'c1', direction: 'CREDIT', corrects: SEQUENCE_ID }),
      rowOf(postedEntry(2), { ...first, rowId: 'c2', corrects: SEQUENCE_ID }),
    ];
    expect(correct('REVERSE_AND_REPOST', [wrong, second, ...correction])).toBe('NOTHING_TO_CORRECT');
    expect(correct('ROUND', [first, second])).toBe('NOTHING_TO_CORRECT');
  });

  it('books what is gone together with what is wrong, but not by taking back alone', () => {
    expect(moves(correct('REVERSE_AND_REPOST', [{ ...first, minorUnits: '1' }]))).toEqual([
      'CREDIT CUST ACC-0001 1 GBP',
      'DEBIT CUST ACC-0001 2599 GBP',
      'CREDIT SUSP GL-SUSP-VISA-GBP 2599 GBP',
    ]);
    expect(correct('CONTRA', [first, { ...first, rowId: 'again' }])).toBe('NOT_BY_THIS_ACTION');
  });

  it('is not made where the action does not put it right', () => {
    expect(correct('CONTRA', [{ ...first, minorUnits: '1' }, second])).toBe('NOT_BY_THIS_ACTION');
    expect(correct('ROUND', [{ ...first, accountId: 'ACC-0666' }, second])).toBe('NOT_BY_THIS_ACTION');
    expect(correct('RESEND', [{ ...first, minorUnits: '1' }, second])).toBe('NOT_BY_THIS_ACTION');
  });

  it('is not made where it is not known what was posted, or what a row was meant to book', () => {
    expect(correct('REVERSE_AND_REPOST', [])).toBe('UNKNOWN');
    expect(correct('REVERSE_AND_REPOST', [first], [])).toBe('UNKNOWN');
    const orphan = rowOf(postedEntry(7), { accountId: 'ACC-0666' });
    expect(correct('REVERSE_AND_REPOST', [first, second, orphan])).toBe('UNKNOWN');
  });
});
