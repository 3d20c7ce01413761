import { DomainError } from '@payments/domain';

/** The table of seen transactions did not say whether a claim holds. */
export class ClaimUnknownError extends DomainError {
  constructor(reason: string, cause?: unknown) {
    super('CLAIM_UNKNOWN', `a claim was neither taken nor refused: ${reason}`, { retryable: true, cause });
  }
}
