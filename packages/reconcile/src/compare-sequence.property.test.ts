import { describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import { isPanFree } from '@payments/schemas';
import fc from 'fast-check';
import type { LedgerRow } from './break.ts';
import { compareSequence, duplicatesOf } from './compare-sequence.ts';
import type { PostedSequence } from './pass-ports.ts';
import { anyDamage, anySequence, DAMAGES, rowsOf } from './posted-sequence.fixture.ts';

const EXPLANATION_MAX = 140;

function contentOf({ bookingDate, valueDate, entries = [] }: PostedSequence) {
  return { bookingDate, valueDate, entries };
}

/** Rows in another order. */
function shuffled(rows: readonly LedgerRow[], order: readonly number[]): LedgerRow[] {
  return rows
    .map((row, index) => ({ row, rank: order[index % Math.max(1, order.length)] ?? 0 }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ row }) => row);
}

/** Rows of a correcting sequence: what undoes some rows, and what should have stood instead. */
function corrections(
  sequence: PostedSequence,
  undone: readonly LedgerRow[],
  instead: readonly LedgerRow[],
): LedgerRow[] {
  const sequenceId = identifierOf('correction', sequence.sequenceId);
  const contra = undone.map(
    (row): LedgerRow => ({ ...row, direction: row.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT' }),
  );
  return [...contra, ...instead].map((row, index) => ({
    ...row,
    rowId: `${sequenceId}/${index}`,
    sequenceId,
    number: index + 1,
    bookingDate: '2026-11-27',
    corrects: sequence.sequenceId,
  }));
}

const anyOrder = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });

describe('comparing a sequence', () => {
  it('finds nothing where rows say what was posted, in any order', () => {
    fc.assert(
      fc.property(anySequence, anyOrder, (sequence, order) => {
        expect(compareSequence(contentOf(sequence), shuffled(rowsOf(sequence), order))).toBeUndefined();
      }),
    );
  });

  it('finds any single damage by its type', () => {
    fc.assert(
      fc.property(anySequence, anyDamage, fc.nat(), anyOrder, (sequence, type, place, order) => {
        const rows = rowsOf(sequence);
        const hit = place % rows.length;
        const damaged = rows.flatMap((row, index): LedgerRow[] =>
          index === hit ? DAMAGES[type](row) : [row],
        );
        const found = compareSequence(contentOf(sequence), shuffled(damaged, order));
        expect(found?.type).toBe(type);
        expect(found?.explanation.length).toBeLessThanOrEqual(EXPLANATION_MAX);
        expect(isPanFree(found?.explanation ?? '')).toBe(true);
        const units = { AMOUNT_MISMATCH: '1', DATE_ONLY: '0' }[type as string] ?? rows[hit]?.minorUnits;
        const doubled = (BigInt(units ?? '0') * 2n).toString();
        const atRisk = {
          minorUnits: type === 'DIRECTION_MISMATCH' ? doubled : units,
          currency: rows[hit]?.currency,
        };
        expect(found?.atRisk).toEqual(atRisk);
      }),
    );
  });

  it('names several damages by the gravest and explains them all', () => {
    const damages = ['DATE_ONLY', 'AMOUNT_MISMATCH', 'ACCOUNT_MISMATCH'] as const;
    fc.assert(
      fc.property(
        anySequence.filter(({ entries = [] }) => entries.length >= 4),
        (sequence) => {
          const damaged = rowsOf(sequence).flatMap((row, index): LedgerRow[] => {
            const type = damages[index];
            return type === undefined ? [row] : DAMAGES[type](row);
          });
          const found = compareSequence(contentOf(sequence), damaged);
          expect(found?.type).toBe('ACCOUNT_MISMATCH');
          for (const number of [1, 2, 3]) expect(found?.explanation).toContain(`entry ${number}`);
        },
      ),
    );
  });

  it('finds what was posted out of balance before all else', () => {
    fc.assert(
      fc.property(anySequence, anyDamage, (sequence, type) => {
        const [first, ...rest] = sequence.entries ?? [];
        if (first === undefined) return;
        const more = { ...first, minorUnits: (BigInt(first.minorUnits) + 5n).toString() };
        const unbalanced = { ...sequence, entries: [more, ...rest] };
        const [row, ...rows] = rowsOf(unbalanced);
        if (row === undefined) return;
        const found = compareSequence(contentOf(unbalanced), [...DAMAGES[type](row), ...rows]);
        expect(found).toMatchObject({
          type: 'UNBALANCED',
          atRisk: { minorUnits: '5', currency: first.currency },
        });
      }),
    );
  });

  it('takes rows that nobody posted for what they come to, until they are taken back', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const rows = rowsOf(sequence);
        expect(compareSequence(undefined, rows)?.type).toBe('L_NOT_P');
        expect(compareSequence(undefined, [...rows, ...corrections(sequence, rows, [])])).toBeUndefined();
        expect(compareSequence(contentOf(sequence), [])?.type).toBe('P_NOT_L');
        expect(compareSequence(undefined, [])).toBeUndefined();
      }),
    );
  });

  it('agrees once corrections make the net of each account what was posted, and not before', () => {
    fc.assert(
      fc.property(
        anySequence,
        anyDamage.filter((type) => type !== 'DATE_ONLY'),
        fc.nat(),
        anyOrder,
        (sequence, type, place, order) => {
          const rows = rowsOf(sequence);
          const hit = rows[place % rows.length];
          if (hit === undefined) return;
          const wrong = DAMAGES[type](hit);
          const damaged = [...rows.filter((row) => row !== hit), ...wrong];
          const corrected = [...damaged, ...corrections(sequence, wrong, [hit])];
          expect(compareSequence(contentOf(sequence), shuffled(corrected, order))).toBeUndefined();
          // The same correction booked twice puts it wrong the other way.
          const twice = corrections(sequence, wrong, [hit]).map((row) => ({
            ...row,
            rowId: `${row.rowId}#2`,
          }));
          expect(compareSequence(contentOf(sequence), [...corrected, ...twice])).toBeDefined();
        },
      ),
    );
  });

  it('looks at nothing that a ledger does not say', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const entries = sequence.entries ?? [];
        const accountIds = new Set([entries[0]?.accountId ?? '']);
        const rows = rowsOf(sequence)
          .filter(({ accountId }) => accountIds.has(accountId))
          .map((row) => ({ ...row, valueDate: '2027-01-01' }));
        const scope = { scheme: false, eventCode: false, valueDate: false, accountIds };
        expect(compareSequence(contentOf(sequence), rows, scope)).toBeUndefined();
        expect(compareSequence(contentOf(sequence), rows)).toBeDefined();
      }),
    );
  });
});

describe('duplicates', () => {
  it('are the younger rows; a row that agrees counts before one that does not', () => {
    fc.assert(
      fc.property(anySequence, anyOrder, (sequence, order) => {
        const [row, ...rows] = rowsOf(sequence);
        if (row === undefined) return;
        const late = { ...row, rowId: 'a', bookedAt: '2026-11-22T12:00:00Z' };
        const early = { ...row, rowId: 'b', bookedAt: '2026-11-22T10:00:00Z' };
        const wrong = { ...row, rowId: '0', minorUnits: '1', bookedAt: '2026-11-22T09:00:00Z' };
        const found = duplicatesOf(contentOf(sequence), shuffled([late, ...rows, wrong, early], order));
        expect(found).toEqual([{ counts: early, younger: [late, wrong] }]);
      }),
    );
  });
});
