import { describe, expect, it } from '@jest/globals';
import type { PostedEntry, PostingEntry } from '@payments/schemas';
import fc from 'fast-check';
import type { LedgerRow } from './break.ts';
import { correctingEntries, netsTo } from './correcting-entries.ts';
import { brokenCase, postedEntry, rowOf, SEQUENCE_ID } from './finding.fixture.ts';

/** A sequence of pairs of entries that balance, on few accounts and amounts, so that entries look alike. */
const sequences = fc
  .array(fc.record({ account: fc.integer({ min: 1, max: 3 }), amount: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((pairs) =>
    pairs.flatMap(({ account, amount }, index): PostedEntry[] => {
      const common = { minorUnits: String(amount) };
      return [
        postedEntry(2 * index + 1, { ...common, accountId: `ACC-000${account}` }),
        postedEntry(2 * index + 2, common),
      ];
    }),
  );

interface Damage {
  readonly at: number;
  readonly kind: 'doubled' | 'amount' | 'account' | 'direction' | 'currency' | 'gone';
}

const damages = fc.array(
  fc.record({
    at: fc.nat({ max: 11 }),
    kind: fc.constantFrom('doubled', 'amount', 'account', 'direction', 'currency', 'gone'),
  }) as fc.Arbitrary<Damage>,
  { maxLength: 5 },
);

function damaged(posted: readonly PostedEntry[], done: readonly Damage[]): LedgerRow[] {
  const rows = posted.map((entry) => rowOf(entry));
  done.forEach(({ at, kind }, index) => {
    const place = at % posted.length;
    const row = rows[place];
    if (row === undefined) return;
    if (kind === 'doubled') rows.push({ ...row, rowId: `${row.rowId}-again-${index}` });
    if (kind === 'amount') rows[place] = { ...row, minorUnits: String(BigInt(row.minorUnits) + 3n) };
    if (kind === 'account') rows[place] = { ...row, accountId: 'ACC-0666' };
    if (kind === 'direction')
      rows[place] = { ...row, direction: row.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT' };
    if (kind === 'currency') rows[place] = { ...row, currency: 'EUR' };
  });
  const gone = new Set(done.filter(({ kind }) => kind === 'gone').map(({ at }) => (at % posted.length) + 1));
  // A ledger that has no row of a sequence at all has nothing that could be corrected.
  return rows.filter(({ number }) => number === 1 || !gone.has(number));
}

function bookedOf(entries: readonly PostingEntry[]): LedgerRow[] {
  return entries.map(({ entryId, sequence, account, direction, amount, bookingDate, valueDate }) => ({
    rowId: entryId,
    sequenceId: sequence.id,
    number: sequence.number,
    accountId: account.accountId,
    direction,
    ...amount,
    bookingDate,
    valueDate,
    corrects: SEQUENCE_ID,
  }));
}

const correct = (
  posted: readonly PostedEntry[],
  booked: readonly LedgerRow[],
  breakId = brokenCase().breakId,
) =>
  correctingEntries(brokenCase({ breakId, sides: { posted, booked } }), 'REVERSE_AND_REPOST', '2026-11-23');

describe('a sequence with its corrections', () => {
  it('comes to what was posted, whatever rows were doubled, altered or gone', () => {
    fc.assert(
      fc.property(sequences, damages, (posted, done) => {
        const booked = damaged(posted, done);
        const correction = correct(posted, booked);
        if (correction === 'NOTHING_TO_CORRECT') {
          expect(netsTo(posted, booked)).toBe(true);
          return;
        }
        if (typeof correction === 'string') throw new Error(`no correction: ${correction}`);
        const after = [...booked, ...bookedOf(correction.entries)];
        expect(netsTo(posted, after)).toBe(true);
        expect(correct(posted, after)).toBe('NOTHING_TO_CORRECT');
      }),
    );
  });

  it('comes to what was posted when rows are altered again after a correction', () => {
    fc.assert(
      fc.property(sequences, damages, damages, (posted, before, later) => {
        const booked = damaged(posted, before);
        const first = correct(posted, booked);
        const corrected = typeof first === 'string' ? [] : bookedOf(first.entries);
        const again = [
          ...damaged(posted, [...before, ...later]).map((row) => ({ ...row, rowId: `${row.rowId}x` })),
          ...corrected,
        ];
        const second = correct(posted, again, '9f0e5a6e-6b0b-5c1e-9d3a-0a1b2c3d4e5f');
        if (second === 'NOTHING_TO_CORRECT') expect(netsTo(posted, again)).toBe(true);
        else if (typeof second !== 'string')
          expect(netsTo(posted, [...again, ...bookedOf(second.entries)])).toBe(true);
      }),
    );
  });
});
