import { describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import type { Product, Transaction, TransactionPostingApprovedRecord } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import fc from 'fast-check';
import { ConfiguredPostingAccounts } from './adapters/configured-posting-accounts.ts';
import { createPostingEntries } from './create-posting-entries.ts';
import configuration from './posting-accounts.json' with { type: 'json' };

const accounts = new ConfiguredPostingAccounts(JSON.stringify(configuration));
const gbp = (minorUnits: string) => ({ minorUnits, currency: 'GBP' });

const standard: Product = {
  code: 'CURRENT_STANDARD',
  name: 'Standard current account',
  postingMode: 'POST_AT_AUTH',
  fxMarkupBasisPoints: 299,
  cashFeeBasisPoints: 300,
  cashFeeMinimum: gbp('300'),
  taxBasisPoints: 2000,
  taxableFees: ['FX_FEE'],
  rounding: 'HALF_EVEN',
};

function approved(
  transaction: Partial<Transaction> & Pick<Transaction, 'kind' | 'amount' | 'billed'>,
  product: Product = standard,
): TransactionPostingApprovedRecord {
  const transactionId = identifierOf(
    'test',
    JSON.stringify(transaction, (_key, value) => value),
  );
  return {
    transactionId,
    idempotencyKey: identifierOf('approved', transactionId),
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    lifecycleId: 'VISA-412345-631910100001',
    transaction: {
      direction: transaction.kind === 'REFUND' ? 'CREDIT' : 'DEBIT',
      responseCode: '00',
      standIn: false,
      transmittedAt: '2026-11-15T10:15:00Z',
      bookingDate: '2026-11-15',
      valueDate: '2026-11-15',
      ...transaction,
    },
    card: { token: '9208948425451111', lastFour: '1111', scheme: 'VISA' },
    merchant: { name: 'CORNER FOODS', categoryCode: '5411' },
    description: 'CARD PURCHASE CORNER FOODS LONDON GB',
    referenceVersion: 'test-1',
    account: {
      accountId: 'ACC-0001',
      currency: transaction.billed.currency,
      status: 'ACTIVE',
      branch: 'LON01',
      sortCode: '60-16-13',
      holder: 'A Holder',
      productCode: product.code,
    },
    product,
    ruleSetVersion: 'test-1',
    findings: [],
  };
}

/** A sequence as a table: `DEBIT CUST 25.99 GBP PRINCIPAL` a line, in minor units. */
function table(record: TransactionPostingApprovedRecord): string[] {
  return createPostingEntries(record, accounts).map(
    ({ entry }) =>
      `${entry.sequence.number}/${entry.sequence.count} ${entry.direction} ${entry.account.role} ${entry.amount.minorUnits} ${entry.amount.currency} ${entry.amountTag}`,
  );
}

describe('the entries of a transaction', () => {
  it('of a domestic purchase', () => {
    expect(table(approved({ kind: 'PURCHASE', amount: gbp('2599'), billed: gbp('2599') }))).toEqual([
      '1/2 DEBIT CUST 2599 GBP PRINCIPAL',
      '2/2 CREDIT SUSP 2599 GBP PRINCIPAL',
    ]);
  });

  it('of a purchase in another currency: mark-up 2.99 % and tax on it', () => {
    const conversion = { rate: { digits: '7912000', scale: 7 }, source: 'NETWORK' } as const;
    const record = approved({
      kind: 'PURCHASE',
      amount: { minorUnits: '10000', currency: 'USD' },
      billed: gbp('7912'),
      conversion,
    });
    expect(table(record)).toEqual([
      '1/6 DEBIT CUST 7912 GBP PRINCIPAL',
      '2/6 CREDIT SUSP 7912 GBP PRINCIPAL',
      '3/6 DEBIT CUST 237 GBP FX_FEE',
      '4/6 CREDIT FEE_INC 237 GBP FX_FEE',
      '5/6 DEBIT CUST 47 GBP TAX',
      '6/6 CREDIT TAX 47 GBP TAX',
    ]);
    const [principal] = createPostingEntries(record, accounts);
    expect(principal?.entry.originalAmount).toEqual({ minorUnits: '10000', currency: 'USD' });
    expect(principal?.entry.rate).toEqual(conversion.rate);
  });

  it('of cash in another currency: the cash fee instead of the mark-up', () => {
    const record = approved({
      kind: 'CASH',
      amount: { minorUnits: '20000', currency: 'EUR' },
      billed: gbp('17234'),
    });
    expect(table(record)).toEqual([
      '1/4 DEBIT CUST 17234 GBP PRINCIPAL',
      '2/4 CREDIT SUSP 17234 GBP PRINCIPAL',
      '3/4 DEBIT CUST 517 GBP CASH_FEE',
      '4/4 CREDIT FEE_INC 517 GBP CASH_FEE',
    ]);
    expect(createPostingEntries(record, accounts)[1]?.entry.account.accountId).toBe('GL-SUSP-ATM-VISA-GBP');
  });

  it('of a little cash: the minimum fee', () => {
    expect(table(approved({ kind: 'CASH', amount: gbp('2000'), billed: gbp('2000') }))[2]).toBe(
      '3/4 DEBIT CUST 300 GBP CASH_FEE',
    );
  });

  it('of a refund: the customer is credited, without fees', () => {
    expect(table(approved({ kind: 'REFUND', amount: gbp('1500'), billed: gbp('1500') }))).toEqual([
      '1/2 DEBIT SUSP 1500 GBP PRINCIPAL',
      '2/2 CREDIT CUST 1500 GBP PRINCIPAL',
    ]);
  });

  it('of a purchase with cashback: two customer entries', () => {
    expect(
      table(approved({ kind: 'CASHBACK', amount: gbp('6000'), billed: gbp('6000'), cashback: gbp('2000') })),
    ).toEqual([
      '1/3 DEBIT CUST 4000 GBP PRINCIPAL',
      '2/3 DEBIT CUST 2000 GBP CASHBACK',
      '3/3 CREDIT SUSP 6000 GBP PRINCIPAL',
    ]);
  });

  it('of a partial approval: what was approved', () => {
    const record = approved({
      kind: 'PURCHASE',
      amount: gbp('5000'),
      billed: gbp('5000'),
      requested: gbp('8000'),
    });
    expect(table(record)[0]).toBe('1/2 DEBIT CUST 5000 GBP PRINCIPAL');
  });

  it.each([
    [
      'a reversal',
      approved({ kind: 'REVERSAL', amount: gbp('1'), billed: gbp('1') }),
      'REVERSAL_NOT_SUPPORTED',
    ],
    ['nothing', approved({ kind: 'PURCHASE', amount: gbp('0'), billed: gbp('0') }), 'NOTHING_TO_POST'],
    [
      'a hold',
      approved(
        { kind: 'PURCHASE', amount: gbp('1'), billed: gbp('1') },
        { ...standard, postingMode: 'HOLD_THEN_POST' },
      ),
      'POSTING_MODE_NOT_SUPPORTED',
    ],
    [
      'a minimum fee in another currency',
      approved({
        kind: 'CASH',
        amount: { minorUnits: '900', currency: 'EUR' },
        billed: { minorUnits: '900', currency: 'EUR' },
      }),
      'FEE_CURRENCY',
    ],
  ])('of %s are refused with a reason', (_what, record, code) => {
    expect(() => createPostingEntries(record, accounts)).toThrow(
      expect.objectContaining({ code, retryable: false }),
    );
  });
});

const kind = fc.constantFrom('PURCHASE' as const, 'CASH' as const, 'REFUND' as const, 'CASHBACK' as const);
const currency = fc.constantFrom('GBP', 'JPY', 'KWD', 'USD');
const transaction = fc
  .record({
    kind,
    currency,
    foreign: currency,
    billed: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    part: fc.nat(100),
  })
  .map(({ kind: what, currency: own, foreign, billed, part }) =>
    approved(
      {
        kind: what,
        amount: { minorUnits: String(billed), currency: foreign },
        billed: { minorUnits: String(billed), currency: own },
        ...(what === 'CASHBACK'
          ? { cashback: { minorUnits: String((billed * BigInt(part)) / 100n), currency: foreign } }
          : {}),
        conversion: { rate: { digits: '7912000', scale: 7 }, source: 'NETWORK' },
      },
      { ...standard, cashFeeMinimum: { minorUnits: '300', currency: own } },
    ),
  );

describe('every sequence', () => {
  it('balances in each currency, has positive amounts and the numbers 1 to n, and keeps its contract', () => {
    fc.assert(
      fc.property(transaction, (record) => {
        const entries = createPostingEntries(record, accounts);
        const sums = new Map<string, bigint>();
        for (const each of entries) {
          const { entry } = each;
          expect(contracts.PostingEntryCreated.produces(each)).toBe(true);
          const amount = BigInt(entry.amount.minorUnits);
          expect(amount > 0n).toBe(true);
          const signed = entry.direction === 'DEBIT' ? amount : -amount;
          sums.set(entry.amount.currency, (sums.get(entry.amount.currency) ?? 0n) + signed);
        }
        expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
        expect(entries.map(({ entry }) => entry.sequence)).toEqual(
          entries.map((each, index) => ({
            id: each.entry.sequence.id,
            number: index + 1,
            count: entries.length,
          })),
        );
      }),
    );
  });

  it('charges the customer what was billed plus fees plus tax', () => {
    fc.assert(
      fc.property(transaction, (record) => {
        const entries = createPostingEntries(record, accounts).map(({ entry }) => entry);
        const total = (filter: (entry: (typeof entries)[number]) => boolean): bigint =>
          entries.filter(filter).reduce((sum, { amount }) => sum + BigInt(amount.minorUnits), 0n);
        const customer = total(({ account }) => account.role === 'CUST');
        const fees = total(({ account }) => account.role === 'FEE_INC' || account.role === 'TAX');
        expect(customer).toBe(BigInt(record.transaction.billed.minorUnits) + fees);
      }),
    );
  });

  it('is the same when it is made again', () => {
    fc.assert(
      fc.property(transaction, (record) => {
        expect(createPostingEntries(record, accounts)).toEqual(
          createPostingEntries(structuredClone(record), accounts),
        );
      }),
    );
  });
});
