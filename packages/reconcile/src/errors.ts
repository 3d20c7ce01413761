import { DomainError } from '@payments/domain';

/** The table did not take what was heard of some transactions. */
export class SidesNotKeptError extends DomainError {
  constructor(cause: unknown) {
    super('SIDES_NOT_KEPT', 'what was heard of transactions could not be kept now', {
      retryable: true,
      cause,
    });
  }
}
