import { describe, expect, it } from '@jest/globals';
import { rowTotalsOf } from './booked-side.ts';
import type { Break, LedgerRow } from './break.ts';
import { breakIdOf } from './break-id.ts';
import { correctionIdOf } from './correcting-entries.ts';
import { brokenCase, postedEntry, rowOf, SEQUENCE_ID } from './finding.fixture.ts';
import { caseReview } from './review-cases.ts';
import type { TransactionSides } from './transaction-sides.ts';

const SAID_AT = '2026-11-22T09:00:01.000Z';
const posted = [postedEntry(1), postedEntry(2)];
const amount = { minorUnits: '2599', currency: 'GBP' };
const about = brokenCase();
const { transactionId, scheme, loggedAt, lifecycleId } = about;
const owner = { transactionId, scheme, loggedAt, lifecycleId };
const own = posted.map((entry) => rowOf(entry, owner));

const approved: TransactionSides = {
  ...owner,
  authorized: { saidAt: SAID_AT, amount },
  approved: { saidAt: SAID_AT, amount, billed: amount },
};
const complete: TransactionSides = {
  ...approved,
  posted: {
    saidAt: SAID_AT,
    sequenceId: SEQUENCE_ID,
    controlTotals: rowTotalsOf(posted),
    bookingDate: '2026-11-22',
    valueDate: '2026-11-22',
    entries: posted,
  },
};

/** How a case stands where this is known and these rows are booked. */
async function standing(
  type: Break['type'],
  sides: TransactionSides | undefined,
  rows: readonly LedgerRow[],
) {
  const { sequenceId: _, ...withoutSequence } = about;
  const finding = { ...(type === 'A_NOT_P' ? withoutSequence : about), type };
  const each = { ...finding, breakId: breakIdOf(finding), attempts: 1 };
  const review = caseReview(
    { find: async () => (sides === undefined ? [] : [sides]) },
    { rowsOf: async (ids) => rows.filter(({ sequenceId }) => ids.includes(sequenceId)) },
  );
  return (await review.review([each])).get(each.breakId);
}

describe('a case that is looked at again', () => {
  it('differs while nothing came', async () => {
    expect(await standing('A_NOT_P', approved, [])).toMatchObject({
      kind: 'differs',
      finding: { type: 'A_NOT_P', lastGood: { event: 'TransactionPostingApproved' } },
    });
  });

  it('agrees when both sides are there, also before the stream of the ledger brought it', async () => {
    expect(await standing('A_NOT_P', complete, own)).toMatchObject({ kind: 'agrees' });
  });

  it('has become another one when one side is there and the other is not yet', async () => {
    expect(await standing('A_NOT_P', complete, [])).toMatchObject({
      kind: 'moved',
      finding: { type: 'P_NOT_L' },
    });
  });

  it('shows the rows as they are now', async () => {
    const rows = [...own, { ...own[0], rowId: 'again' } as LedgerRow];
    expect(await standing('DUPLICATE_L', complete, rows)).toMatchObject({
      kind: 'differs',
      finding: { type: 'DUPLICATE_L', sides: { posted, booked: rows } },
    });
  });

  it('agrees when what corrects it is booked, also before anybody said so', async () => {
    const finding = { ...about, type: 'DUPLICATE_L' as const };
    const correction = rowOf(postedEntry(1), {
      rowId: 'correction',
      sequenceId: correctionIdOf(breakIdOf(finding)),
      direction: 'CREDIT',
      corrects: SEQUENCE_ID,
    });
    const rows = [...own, { ...own[0], rowId: 'again' } as LedgerRow];
    expect(await standing('DUPLICATE_L', complete, [...rows, correction])).toMatchObject({ kind: 'agrees' });
  });

  it('of which nothing is known but a row differs as long as that row stands', async () => {
    expect(await standing('L_NOT_P', undefined, own)).toMatchObject({ kind: 'differs' });
    expect(await standing('L_NOT_P', undefined, [])).toMatchObject({ kind: 'agrees' });
  });
});
