import { type Amount, convert, fromWire, type Rounding, share, subtract } from '@payments/domain';
import type { PostingEntry, TransactionPostingApprovedRecord } from '@payments/schemas';
import {
  FeeCurrencyError,
  NothingToPostError,
  PostingModeNotSupportedError,
  ReversalNotSupportedError,
} from './errors.ts';
import type { PostingAccount, PostingAccounts } from './ports.ts';

/** One leg before it has its number: what is booked, where and why. */
export interface Leg {
  readonly account: PostingAccount;
  readonly direction: PostingEntry['direction'];
  readonly amount: Amount;
  readonly amountTag: PostingEntry['amountTag'];
  readonly eventCode: string;
  readonly narrative: string;
  /** What a fee or a tax was computed from. */
  readonly feeBase?: Amount;
}

/** The accounting event of each kind of transaction. */
const EVENT_CODES = {
  PURCHASE: 'CARDPUR',
  CASHBACK: 'CARDPUR',
  CASH: 'CARDCASH',
  REFUND: 'CARDREF',
} as const;

/**
 * The legs that an approved transaction posts, in the two-account form: the customer against the scheme's
 * suspense account, then fees and tax against the bank's income and tax accounts. Debits equal credits in
 * every currency.
 *
 * @throws ReversalNotSupportedError, PostingModeNotSupportedError, NothingToPostError, FeeCurrencyError
 */
export function legsOf(record: TransactionPostingApprovedRecord, accounts: PostingAccounts): Leg[] {
  const { transaction, product } = record;
  if (transaction.kind === 'REVERSAL') throw new ReversalNotSupportedError();
  if (product.postingMode !== 'POST_AT_AUTH')
    throw new PostingModeNotSupportedError(product.code, product.postingMode);
  const billed = fromWire(transaction.billed);
  if (transaction.kind === 'ACCOUNT_VERIFICATION' || billed.minorUnits === 0n)
    throw new NothingToPostError(transaction.kind);
  return [...principalLegs(record, billed, accounts), ...feeLegs(record, billed, accounts)];
}

function principalLegs(
  record: TransactionPostingApprovedRecord,
  billed: Amount,
  accounts: PostingAccounts,
): Leg[] {
  const { transaction, scheme, description } = record;
  if (transaction.kind === 'REVERSAL' || transaction.kind === 'ACCOUNT_VERIFICATION') return [];
  const customer = customerAccount(record);
  const purpose = transaction.kind === 'CASH' ? 'SUSP_CASH' : 'SUSP';
  const suspense = accounts.accountFor(purpose, scheme, billed.currency);
  const common = { eventCode: EVENT_CODES[transaction.kind], narrative: description };
  const principal = { ...common, amountTag: 'PRINCIPAL' } as const;
  if (transaction.kind === 'REFUND') {
    return [
      { ...principal, account: suspense, direction: 'DEBIT', amount: billed },
      { ...principal, account: customer, direction: 'CREDIT', amount: billed },
    ];
  }
  const cash = cashbackOf(record, billed);
  const goods = subtract(billed, cash);
  const legs: Leg[] = [];
  if (goods.minorUnits > 0n)
    legs.push({ ...principal, account: customer, direction: 'DEBIT', amount: goods });
  if (cash.minorUnits > 0n) {
    const narrative = `CASHBACK ${description}`.slice(0, 70);
    legs.push({
      ...common,
      narrative,
      amountTag: 'CASHBACK',
      account: customer,
      direction: 'DEBIT',
      amount: cash,
    });
  }
  legs.push({ ...principal, account: suspense, direction: 'CREDIT', amount: billed });
  return legs;
}

/** The part of the billed amount that was given in cash, converted with the transaction's own proportion. */
function cashbackOf({ transaction }: TransactionPostingApprovedRecord, billed: Amount): Amount {
  if (transaction.cashback === undefined) return { minorUnits: 0n, currency: billed.currency };
  const cashback = fromWire(transaction.cashback);
  if (cashback.currency === billed.currency)
    return cashback.minorUnits > billed.minorUnits ? billed : cashback;
  const rate = transaction.conversion?.rate;
  if (rate === undefined) return { minorUnits: 0n, currency: billed.currency };
  const converted = convert(
    cashback,
    { digits: BigInt(rate.digits), scale: rate.scale },
    billed.currency,
    'HALF_EVEN',
  );
  return converted.minorUnits > billed.minorUnits ? billed : converted;
}

function feeLegs(record: TransactionPostingApprovedRecord, billed: Amount, accounts: PostingAccounts): Leg[] {
  const { transaction, product, scheme } = record;
  const rounding: Rounding = product.rounding;
  const fees: { tag: 'FX_FEE' | 'CASH_FEE'; eventCode: string; amount: Amount; narrative: string }[] = [];
  const isForeignCurrency = transaction.amount.currency !== transaction.billed.currency;
  if (transaction.kind === 'CASH') {
    const amount = cashFee(record, billed, rounding);
    fees.push({ tag: 'CASH_FEE', eventCode: 'CASHFEE', amount, narrative: 'CASH WITHDRAWAL FEE' });
  } else if (isForeignCurrency && transaction.direction === 'DEBIT') {
    const amount = share(billed, product.fxMarkupBasisPoints, rounding);
    const narrative = `FOREIGN CURRENCY FEE ${percentOf(product.fxMarkupBasisPoints)}`;
    fees.push({ tag: 'FX_FEE', eventCode: 'FXFEE', amount, narrative });
  }
  const customer = customerAccount(record);
  return fees.flatMap(({ tag, eventCode, amount, narrative }) => {
    if (amount.minorUnits === 0n) return [];
    const income = accounts.accountFor('FEE_INC', scheme, billed.currency);
    const fee = pair({ eventCode, amountTag: tag, amount, narrative, feeBase: billed }, customer, income);
    const tax = product.taxableFees.includes(tag)
      ? share(amount, product.taxBasisPoints, rounding)
      : undefined;
    if (tax === undefined || tax.minorUnits === 0n) return fee;
    const taxAccount = accounts.accountFor('TAX', scheme, billed.currency);
    const taxNarrative = `TAX ON FEE ${percentOf(product.taxBasisPoints)}`;
    const taxLeg = {
      eventCode: 'FEEVAT',
      amountTag: 'TAX',
      amount: tax,
      narrative: taxNarrative,
      feeBase: amount,
    } as const;
    return [...fee, ...pair(taxLeg, customer, taxAccount)];
  });
}

function cashFee({ product }: TransactionPostingApprovedRecord, billed: Amount, rounding: Rounding): Amount {
  const minimum = fromWire(product.cashFeeMinimum);
  const fee = share(billed, product.cashFeeBasisPoints, rounding);
  if (product.cashFeeBasisPoints === 0 && minimum.minorUnits === 0n) return fee;
  if (minimum.currency !== billed.currency)
    throw new FeeCurrencyError(product.code, minimum.currency, billed.currency);
  return fee.minorUnits < minimum.minorUnits ? minimum : fee;
}

/** The customer pays, the bank's account receives. */
function pair(
  leg: Omit<Leg, 'account' | 'direction'>,
  customer: PostingAccount,
  bank: PostingAccount,
): Leg[] {
  return [
    { ...leg, account: customer, direction: 'DEBIT' },
    { ...leg, account: bank, direction: 'CREDIT' },
  ];
}

function customerAccount({ account }: TransactionPostingApprovedRecord): PostingAccount {
  const { accountId, currency, branch, sortCode } = account;
  return { role: 'CUST', accountId, currency, branch, sortCode };
}

/** Basis points for people: 299 is `2.99%`. */
function percentOf(basisPoints: number): string {
  return `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')}%`;
}
