import { DomainError } from '@payments/domain';

/** Why a document cannot be read; each code names the element. */
export type DocumentErrorCode =
  /** Neither AuthstnInitn, FinInitn nor RvslInitn. */
  | 'DOCUMENT_ROOT_MISSING'
  /** A message without its card acceptor. */
  | 'ACCEPTOR_MISSING'
  /** A message without its context, where the merchant category stands. */
  | 'CONTEXT_MISSING'
  /** A message without a response or action code. */
  | 'RESPONSE_CODE_MISSING'
  /** A reversal without original data elements. */
  | 'ORIGINAL_DATA_MISSING'
  /** A partial reversal that leaves more than there was, or in another currency. */
  | 'REPLACEMENT_UNREADABLE'
  /** A transaction type that is no debit, no credit and no inquiry. */
  | 'TRANSACTION_TYPE_UNKNOWN';

/** A document lacks what enrichment reads from it. The same input never succeeds later. */
export class DocumentError extends DomainError {
  constructor(code: DocumentErrorCode, message: string) {
    super(code, message, { retryable: false });
  }
}

/** The reference data could not be read now. */
export class ReferenceDataUnavailableError extends DomainError {
  constructor(message: string, cause?: unknown) {
    super('REFERENCE_DATA_UNAVAILABLE', message, { retryable: true, cause });
  }
}

/**
 * The reference table holds no version, so nobody has loaded it. Without this check every card would be unknown
 * and every transaction refused; so transactions wait instead.
 */
export class ReferenceDataAbsentError extends DomainError {
  constructor() {
    super('REFERENCE_DATA_ABSENT', 'the reference data has not been loaded', { retryable: true });
  }
}
