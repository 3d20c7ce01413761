import type { PostingEntry } from '@payments/schemas';

/** The account of a posting entry. */
export type PostingAccount = PostingEntry['account'];

/** A purpose for which the bank keeps accounts of its own. */
export type BankAccountPurpose = 'SUSP' | 'SUSP_CASH' | 'FEE_INC' | 'TAX';

/** The bank's own accounts. */
export interface PostingAccounts {
  /** The account for a purpose, a scheme (`VISA`) and a currency (`GBP`). */
  accountFor(purpose: BankAccountPurpose, scheme: string, currency: string): PostingAccount;
}
