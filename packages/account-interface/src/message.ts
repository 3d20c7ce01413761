import type { Account, TransactionPostingApprovedRecord } from '@payments/schemas';

/**
 * An approved transaction as far as postings and holds depend on it: what is kept for whatever refers to it
 * later. The customer's name is not in it.
 */
export interface Message
  extends Pick<
    TransactionPostingApprovedRecord,
    | 'transactionId'
    | 'idempotencyKey'
    | 'scheme'
    | 'loggedAt'
    | 'lifecycleId'
    | 'transaction'
    | 'card'
    | 'description'
    | 'product'
  > {
  readonly account: Pick<Account, 'accountId' | 'currency' | 'branch' | 'sortCode'>;
}

/** The message of an approved transaction, and nothing else of it. */
export function messageOf(record: TransactionPostingApprovedRecord): Message {
  const { transactionId, idempotencyKey, scheme, loggedAt, lifecycleId } = record;
  const { transaction, card, description, product } = record;
  const { accountId, currency, branch, sortCode } = record.account;
  const identity = { transactionId, idempotencyKey, scheme, loggedAt, lifecycleId };
  const account = { accountId, currency, branch, sortCode };
  return { ...identity, transaction, card, description, product, account };
}

/** Says whether a transaction leaves every account as it is. */
export function movesNothing({ transaction }: Message): boolean {
  return transaction.kind === 'ACCOUNT_VERIFICATION' || transaction.billed.minorUnits === '0';
}

/** Says whether a message takes something back. */
export function isReversal({ transaction }: Message): boolean {
  return transaction.kind === 'REVERSAL';
}

/**
 * Says whether a message takes the place of the authorizations of its life cycle: a financial message that
 * names one, or one on a product that holds first, of which the authorization moved nothing.
 */
export function isCompletion(message: Message): boolean {
  const { transaction, product } = message;
  if (isReversal(message) || transaction.messageClass !== 'FINANCIAL') return false;
  if (transaction.original !== undefined) return true;
  return (
    product.postingMode === 'HOLD_THEN_POST' && transaction.direction === 'DEBIT' && !movesNothing(message)
  );
}

/** Says whether what becomes of a message depends on others of its life cycle. */
export function isFollower(message: Message): boolean {
  return isReversal(message) || isCompletion(message);
}

/** Says whether a message announces, and a financial message may come in its place. */
export function isAuthorization({ transaction }: Message): boolean {
  return transaction.messageClass === 'AUTHORIZATION';
}

/** Says whether a message is only announced to the account: money is held, or nothing is done, until it is cleared. */
export function isHeldFirst(message: Message): boolean {
  return isAuthorization(message) && message.product.postingMode === 'HOLD_THEN_POST';
}

/** Says whether a message places a hold. Money that is to come is not held. */
export function placesHold(message: Message): boolean {
  return isHeldFirst(message) && message.transaction.direction === 'DEBIT' && !movesNothing(message);
}
