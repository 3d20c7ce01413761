import type { PostingEntry } from '@payments/schemas';
import type { Message } from './message.ts';

/** The account of a leg. */
export type PostingAccount = PostingEntry['account'];

/** A debit or credit before it has its number: what is booked, where and why. */
export type Leg = Omit<PostingEntry, 'entryId' | 'sequence' | 'bookingDate' | 'valueDate' | 'sourceEventId'>;

/** Where a leg on the customer's account stands. */
export function customerAccount({ account }: Message): PostingAccount {
  const { accountId, currency, branch, sortCode } = account;
  return { role: 'CUST', accountId, currency, branch, sortCode };
}

/** The same sum from one account to another: a debit, then its credit. */
export function move(
  from: PostingAccount,
  to: PostingAccount,
  what: Omit<Leg, 'account' | 'direction'>,
): Leg[] {
  return [
    { account: from, direction: 'DEBIT', ...what },
    { account: to, direction: 'CREDIT', ...what },
  ];
}
