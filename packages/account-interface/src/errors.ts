import { DomainError } from '@payments/domain';

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

/** A product names a set of the bank's own accounts that is not configured. */
export class AccountSetUnknownError extends DomainError {
  constructor(product: string, accountSet: string) {
    super('ACCOUNT_SET_UNKNOWN', `product ${product} posts against ${accountSet}, which is not configured`, {
      retryable: false,
    });
  }
}

/** More messages refer to one life cycle than there can be in earnest: its id names too much. */
export class LifecycleTooLongError extends DomainError {
  constructor(lifecycleId: string, max: number) {
    super('LIFECYCLE_TOO_LONG', `more than ${max} reversals and completions refer to ${lifecycleId}`, {
      retryable: false,
    });
  }
}

/** Others changed a life cycle whenever this run wanted to. */
export class LifecycleContendedError extends DomainError {
  constructor(lifecycleId: string) {
    super('LIFECYCLE_CONTENDED', `${lifecycleId} was changed by others at each attempt`, {
      retryable: true,
    });
  }
}

/** The table answered that it is overloaded, again and again. */
export class TableOverloadedError extends DomainError {
  constructor(table: string) {
    super('TABLE_OVERLOADED', `${table} left requests unprocessed after all attempts`, { retryable: true });
  }
}
