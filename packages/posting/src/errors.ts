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
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    super('POSTING_UNKNOWN', `it is not known whether sequence ${sequenceId} was booked${why}`, {
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

/** A mapping of the posting input cannot be used; the message names every field that is wrong. */
export class PostingMappingError extends DomainError {
  readonly problems: readonly string[];

  constructor(mapping: string, problems: readonly string[]) {
    super('POSTING_MAPPING', `the posting mapping ${mapping} cannot be used: ${problems.join('; ')}`, {
      retryable: false,
    });
    this.problems = problems;
  }
}

/** A value does not fit the field that a mapping gives it, and may not be cut. */
export class PostingFieldError extends DomainError {
  constructor(field: string, length: number, maximum: number) {
    super('POSTING_FIELD', `the field ${field} takes ${maximum} characters, not ${length}`, {
      retryable: false,
    });
  }
}

/** The bank's core did not answer, or its answer says nothing about the sequence. */
export class CoreUnavailableError extends DomainError {
  /** How long the core asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    what: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super('CORE_UNAVAILABLE', `the core did not say what it did: ${what}`, {
      retryable: true,
      cause: options.cause,
    });
    this.retryAfterMs = options.retryAfterMs;
  }
}
