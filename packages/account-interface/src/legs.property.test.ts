import { describe, expect, it } from '@jest/globals';
import { currencyOf } from '@payments/domain';
import type { PostingEntry, Product, TransactionPostingApprovedRecord } from '@payments/schemas';
import Big from 'big.js';
import fc from 'fast-check';
import { accountSums } from './account-sums.fixture.ts';
import { approved, reversalOf, STANDARD } from './approved.fixture.ts';
import { StageRun } from './stage-run.fixture.ts';

const BIG_ROUNDING = { DOWN: Big.roundDown, HALF_UP: Big.roundHalfUp, HALF_EVEN: Big.roundHalfEven };

/** Currencies with 0, 2, 2, 3 and 4 decimals. */
const currency = fc.constantFrom('JPY', 'GBP', 'USD', 'KWD', 'CLF');
const minorUnits = fc.bigInt({ min: 1n, max: 10n ** 12n });
const basisPoints = fc.integer({ min: 0, max: 10_000 });
const rounding = fc.constantFrom('HALF_EVEN' as const, 'HALF_UP' as const, 'DOWN' as const);

const product = fc
  .record({
    fxMarkupBasisPoints: basisPoints,
    cashFeeBasisPoints: basisPoints,
    minimum: fc.nat(1000),
    taxBasisPoints: basisPoints,
    taxableFees: fc.subarray(['FX_FEE' as const, 'CASH_FEE' as const]),
    rounding,
    taxRounding: rounding,
    refundFxMarkup: fc.boolean(),
    accountSet: fc.constantFrom('STANDARD', 'THREE', 'POSITION', 'THREE_POSITION', 'ONE_LEG'),
  })
  .map(({ minimum, ...terms }) => ({ terms, minimum }));

/** A transaction of any kind, in any two currencies, on any terms. */
const transaction = fc
  .record({
    kind: fc.constantFrom('PURCHASE' as const, 'CASH' as const, 'REFUND' as const, 'CASHBACK' as const),
    own: currency,
    foreign: currency,
    billed: minorUnits,
    amount: minorUnits,
    cashPart: fc.integer({ min: 0, max: 120 }),
    rate: fc.record({ digits: fc.bigInt({ min: 1n, max: 10n ** 9n }), scale: fc.nat(9) }),
    product,
  })
  .map(({ kind, own, foreign, billed, amount, cashPart, rate, product: { terms, minimum } }) =>
    approved({
      stan: '000001',
      kind,
      amount: { minorUnits: String(own === foreign ? billed : amount), currency: foreign },
      billed: { minorUnits: String(billed), currency: own },
      ...(kind === 'CASHBACK' && {
        cashback: { minorUnits: String((amount * BigInt(cashPart)) / 100n), currency: foreign },
      }),
      ...(own !== foreign && {
        conversion: {
          rate: { digits: String(rate.digits), scale: rate.scale },
          source: 'NETWORK' as const,
        },
      }),
      product: {
        ...STANDARD,
        ...terms,
        cashFeeMinimum: { minorUnits: String(minimum), currency: own },
      },
    }),
  );

async function entriesOf(...records: readonly TransactionPostingApprovedRecord[]): Promise<PostingEntry[]> {
  const run = new StageRun();
  for (const record of records) await run.give(record);
  return run.entries();
}

function total(entries: readonly PostingEntry[], tag: PostingEntry['amountTag'], role: string): bigint {
  return entries
    .filter(({ amountTag, account }) => amountTag === tag && account.role === role)
    .reduce((sum, { amount }) => sum + BigInt(amount.minorUnits), 0n);
}

/** A share of minor units in basis points, by decimal arithmetic that is not ours. */
function oracleShare(of: bigint, points: number, how: Product['rounding']): bigint {
  return BigInt(new Big(String(of)).times(points).div(10_000).round(0, BIG_ROUNDING[how]).toFixed(0));
}

describe('every sequence', () => {
  it('has positive amounts, balances in each currency, is numbered 1 to n, and is on one value date', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (record) => {
        const entries = await entriesOf(record);
        const sums = new Map<string, bigint>();
        for (const { amount, direction, account } of entries) {
          const size = BigInt(amount.minorUnits);
          expect(size > 0n).toBe(true);
          expect(account.currency).toBe(amount.currency);
          sums.set(
            amount.currency,
            (sums.get(amount.currency) ?? 0n) + (direction === 'DEBIT' ? size : -size),
          );
        }
        expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
        expect(entries.map(({ sequence }) => [sequence.number, sequence.count])).toEqual(
          entries.map((_entry, index) => [index + 1, entries.length]),
        );
        expect(new Set(entries.map(({ sequence, valueDate }) => `${sequence.id} ${valueDate}`)).size).toBe(1);
        expect(new Set(entries.map(({ sourceEventId }) => sourceEventId))).toEqual(
          new Set([record.idempotencyKey]),
        );
      }),
    );
  });

  it('is the same when it is made again', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (record) => {
        expect(await entriesOf(record)).toEqual(await entriesOf(structuredClone(record)));
      }),
    );
  });

  it('moves on the customer what was billed, plus fees, plus tax', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (record) => {
        const { transaction: given, account } = record;
        const entries = await entriesOf(record);
        const customer = accountSums(entries).get(`${account.accountId} ${account.currency}`) ?? 0n;
        const charges =
          total(entries, 'FX_FEE', 'FEE_INC') +
          total(entries, 'CASH_FEE', 'FEE_INC') +
          total(entries, 'TAX', 'TAX');
        const size = BigInt(given.billed.minorUnits) + charges;
        expect(customer).toBe(given.direction === 'DEBIT' ? size : -size);
      }),
    );
  });

  it('has the fees and the tax that decimal arithmetic gives', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (record) => {
        const { transaction: given, product: terms } = record;
        const billed = BigInt(given.billed.minorUnits);
        const isForeign = given.amount.currency !== given.billed.currency;
        const entries = await entriesOf(record);
        const cashFee = oracleShare(billed, terms.cashFeeBasisPoints, terms.rounding);
        const minimum = BigInt(terms.cashFeeMinimum.minorUnits);
        const fee =
          given.kind === 'CASH'
            ? { tag: 'CASH_FEE' as const, amount: cashFee > minimum ? cashFee : minimum }
            : {
                tag: 'FX_FEE' as const,
                amount: oracleShare(billed, terms.fxMarkupBasisPoints, terms.rounding),
              };
        const isDue =
          given.kind === 'CASH' || (isForeign && (given.kind !== 'REFUND' || terms.refundFxMarkup));
        const amount = isDue ? fee.amount : 0n;
        expect(total(entries, fee.tag, 'FEE_INC')).toBe(amount);
        const taxed = terms.taxableFees.includes(fee.tag);
        const tax = taxed ? oracleShare(amount, terms.taxBasisPoints, terms.taxRounding) : 0n;
        expect(total(entries, 'TAX', 'TAX')).toBe(tax);
      }),
    );
  });

  it('converts cash given at the till as decimal arithmetic does', async () => {
    await fc.assert(
      fc.asyncProperty(
        transaction.filter(({ transaction: { kind } }) => kind === 'CASHBACK'),
        async (record) => {
          const { transaction: given, product: terms } = record;
          const { cashback, billed, conversion } = given;
          if (cashback === undefined || terms.accountSet === 'ONE_LEG') return;
          const exponent = (code: string): number => currencyOf(code).exponent;
          const { digits, scale } = conversion?.rate ?? { digits: '1', scale: 0 };
          const cash = new Big(cashback.minorUnits)
            .times(digits)
            .times(new Big(10).pow(exponent(billed.currency)))
            .div(new Big(10).pow(scale + exponent(cashback.currency)))
            .round(0, BIG_ROUNDING[terms.rounding]);
          const converted = BigInt(cash.toFixed(0));
          const most = BigInt(billed.minorUnits);
          const expected = converted > most ? most : converted;
          expect(total(await entriesOf(record), 'CASHBACK', 'CUST')).toBe(expected);
        },
      ),
    );
  });
});

describe('an original and its reversal', () => {
  it('come to nothing on every account when it is full, entry by entry', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (record) => {
        const entries = await entriesOf(record, reversalOf(record, '000002'));
        expect(accountSums(entries)).toEqual(new Map());
        const [taken, taking] = [
          entries.filter(({ reversal }) => !reversal),
          entries.filter(({ reversal }) => reversal),
        ];
        const image = (entry: PostingEntry, direction: string): string =>
          `${entry.account.accountId} ${direction} ${entry.amount.minorUnits} ${entry.amount.currency} ${entry.amountTag}`;
        expect(taking.map((entry) => image(entry, entry.direction)).sort()).toEqual(
          taken.map((entry) => image(entry, entry.direction === 'DEBIT' ? 'CREDIT' : 'DEBIT')).sort(),
        );
      }),
    );
  });

  it('come to what the replacement would have booked alone when it is partial', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, fc.integer({ min: 0, max: 1_000_000 }), async (record, part) => {
        const { amount, billed } = record.transaction;
        const partOf = ({ minorUnits: whole, currency: code }: typeof amount) => ({
          minorUnits: String((BigInt(whole) * BigInt(part)) / 1_000_000n),
          currency: code,
        });
        const left = { replacement: partOf(amount), replacementBilled: partOf(billed) };
        const alone = {
          ...record,
          transaction: { ...record.transaction, amount: left.replacement, billed: left.replacementBilled },
        };
        const reversal = reversalOf(record, '000002', left);
        expect(accountSums(await entriesOf(record, reversal))).toEqual(accountSums(await entriesOf(alone)));
      }),
    );
  });
});
