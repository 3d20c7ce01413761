import type { PostingAccountSet, PostingAccountSets } from '@payments/schemas';
import { AccountSetUnknownError } from './errors.ts';
import type { PostingAccount } from './leg.ts';
import type { Message } from './message.ts';

/** The roles that entries name for the bank's own accounts. */
const ROLES = {
  suspense: 'SUSP',
  suspenseCash: 'SUSP',
  headOffice: 'HO',
  fxPosition: 'FXPOS',
  feeIncome: 'FEE_INC',
  tax: 'TAX',
} as const;

/**
 * The bank's own accounts that a transaction is booked on, and by that the form of its booking. It is kept with
 * what was booked, so that what comes back goes to the same accounts.
 */
export interface BookingPlan {
  /** Whether goods and cash are two legs on the customer's account. */
  readonly splitsCashback: boolean;
  /** In the currency in which the bank settles with the scheme. */
  readonly suspense: PostingAccount;
  /** In the three-account form only. */
  readonly headOffice?: PostingAccount;
  /** Where the bank settles in the currency of the transaction, and that is not the account's. */
  readonly position?: { readonly billed: PostingAccount; readonly settled: PostingAccount };
  readonly feeIncome: PostingAccount;
  readonly tax: PostingAccount;
}

/** Chooses the accounts that a message is booked on. @throws AccountSetUnknownError */
export type PlanBooking = (message: Message) => BookingPlan;

/** Makes the choice of accounts from the configuration of the bank's own accounts. */
export function planBookingWith({ sets }: PostingAccountSets): PlanBooking {
  /** Accounts are few and named on every entry: each is made once. */
  const made = new Map<string, PostingAccount>();
  return ({ scheme, transaction, product }) => {
    const set = sets[product.accountSet];
    if (set === undefined) throw new AccountSetUnknownError(product.code, product.accountSet);
    const own = (purpose: keyof typeof ROLES, currency: string): PostingAccount => {
      const key = `${product.accountSet}|${purpose}|${scheme}|${currency}`;
      const account = made.get(key) ?? accountOf(set, purpose, scheme, currency);
      made.set(key, account);
      return account;
    };
    const billed = transaction.billed.currency;
    const settled = set.settlement === 'TRANSACTION_CURRENCY' ? transaction.amount.currency : billed;
    return {
      splitsCashback: set.cashback === 'SPLIT',
      suspense: own(transaction.kind === 'CASH' ? 'suspenseCash' : 'suspense', settled),
      ...(set.form === 'THREE_ACCOUNT' && { headOffice: own('headOffice', settled) }),
      ...(settled !== billed && {
        position: { billed: own('fxPosition', billed), settled: own('fxPosition', settled) },
      }),
      feeIncome: own('feeIncome', billed),
      tax: own('tax', billed),
    };
  };
}

function accountOf(
  { branch, accounts }: PostingAccountSet,
  purpose: keyof typeof ROLES,
  scheme: string,
  currency: string,
): PostingAccount {
  const accountId = accounts[purpose]
    .replaceAll('{scheme}', scheme.replaceAll('_', '-'))
    .replaceAll('{currency}', currency);
  return { role: ROLES[purpose], accountId, currency, branch };
}
