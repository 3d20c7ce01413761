import { describe, expect, it } from '@jest/globals';
import type { TransactionPostingApprovedRecord } from '@payments/schemas';
import { gbp, reversalOf, usd } from './approved.fixture.ts';
import { createPostingEntries } from './create-posting-entries.ts';
import { cash, domestic, foreign, on, refund, standIn } from './scenarios.fixture.ts';
import { StageRun } from './stage-run.fixture.ts';

describe('an entry', () => {
  async function entriesOf(...records: TransactionPostingApprovedRecord[]) {
    const run = new StageRun();
    await run.give(...records);
    return run.entries();
  }

  it('names the account in its set, with the accounts for cash apart', async () => {
    const ids = (await entriesOf(cash)).map(({ account }) => account.accountId);
    expect(ids).toEqual(['ACC-0001', 'GL-SUSP-ATM-MASTERCARD-GBP', 'ACC-0001', 'GL-FEE-CARD-GBP']);
  });

  it('says what was converted at which rate, and what a fee was computed from', async () => {
    const [principal, , fee, , tax] = await entriesOf(foreign);
    expect(principal).toMatchObject({ originalAmount: usd('10000'), rate: { digits: '7912000', scale: 7 } });
    expect(fee).toMatchObject({ eventCode: 'FXFEE', feeBase: gbp('7912'), feeRateBasisPoints: 299 });
    expect(tax).toMatchObject({ eventCode: 'FEEVAT', feeBase: gbp('237'), feeRateBasisPoints: 2000 });
  });

  it('is on one value date with all of its sequence, its own for a credit', async () => {
    expect((await entriesOf(refund)).map(({ valueDate }) => valueDate)).toEqual(['2026-11-16', '2026-11-16']);
  });

  it('of a reversal says so, and what it takes back', async () => {
    const [debit, credit, taken, given] = await entriesOf(domestic, reversalOf(domestic, '100009'));
    expect([debit, credit].map((entry) => entry?.reversal)).toEqual([false, false]);
    expect([taken, given]).toMatchObject([
      { reversal: true, eventCode: 'REVR', reversalOf: debit?.sequence.id },
      { reversal: true, eventCode: 'REVR', reversalOf: debit?.sequence.id },
    ]);
  });

  it('of a partial reversal says the part that goes back', async () => {
    const reversal = reversalOf(foreign, '100010', {
      replacement: usd('6000'),
      replacementBilled: gbp('4747'),
    });
    const [, given, , fee] = (await entriesOf(foreign, reversal)).slice(6);
    expect(given).toMatchObject({ originalAmount: usd('4000'), rate: { digits: '7912000', scale: 7 } });
    expect(fee).toMatchObject({ feeBase: gbp('3165'), feeRateBasisPoints: 299 });
  });

  it.each([
    ['a set that is not configured', on(domestic, { accountSet: 'NONE' }), 'ACCOUNT_SET_UNKNOWN'],
    [
      'a minimum fee in another currency',
      on(cash, { cashFeeMinimum: { minorUnits: '300', currency: 'EUR' } }),
      'FEE_CURRENCY',
    ],
  ])('is not made with %s, and its neighbours are', async (_what, record, code) => {
    const [bad, good] = await createPostingEntries([record, standIn], new StageRun().ports);
    expect(bad).toMatchObject({ kind: 'failed', cause: { code, retryable: false } });
    expect(good).toMatchObject({ kind: 'said' });
  });
});
