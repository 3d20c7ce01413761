import { DomainError } from '@payments/domain';

/** Entries of one sequence contradict each other; none of them can ever be posted. */
export class SequenceInconsistentError extends DomainError {
  constructor(sequenceId: string, what: string) {
    super('SEQUENCE_INCONSISTENT', `sequence ${sequenceId} contradicts itself: ${what}`, {
      retryable: false,
    });
  }
}

/** The posting system did not say whether it booked a sequence. */
export class PostingUnknownError extends DomainError {
  constructor(sequenceId: string, cause: unknown) {
    super('POSTING_UNKNOWN', `it is not known whether sequence ${sequenceId} was booked`, {
      retryable: true,
      cause,
    });
  }
}

/** The table answered that it is overloaded, again and again. */
export class TableOverloadedError extends DomainError {
  constructor(table: string) {
    super('TABLE_OVERLOADED', `${table} left requests unprocessed after all attempts`, { retryable: true });
  }
}
