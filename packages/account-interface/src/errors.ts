import { DomainError } from '@payments/domain';

/** Reversals mirror what was posted; until that is built they are set aside with this reason. */
export class ReversalNotSupportedError extends DomainError {
  constructor() {
    super(
      'REVERSAL_NOT_SUPPORTED',
      'a reversal is set aside until reversals of stored sequences are posted',
      { retryable: false },
    );
  }
}

/** The product wants a hold first; until holds are built its transactions are set aside with this reason. */
export class PostingModeNotSupportedError extends DomainError {
  constructor(product: string, mode: string) {
    super('POSTING_MODE_NOT_SUPPORTED', `product ${product} posts by ${mode}`, { retryable: false });
  }
}

/** A transaction that moves no money was approved for posting. */
export class NothingToPostError extends DomainError {
  constructor(kind: string) {
    super('NOTHING_TO_POST', `a ${kind} of amount zero has no entries`, { retryable: false });
  }
}

/** A product's minimum fee is in another currency than the account. */
export class FeeCurrencyError extends DomainError {
  constructor(product: string, fee: string, account: string) {
    super(
      'FEE_CURRENCY',
      `product ${product} has its minimum cash fee in ${fee}, the account is in ${account}`,
      { retryable: false },
    );
  }
}

/** The configuration of the bank's own accounts cannot be used. */
export class PostingAccountsError extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('POSTING_ACCOUNTS', message, { retryable: false, cause });
  }
}
