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
 * The table has no such version of the reference data: nobody has loaded it. Without this check every card would be
 * unknown and every transaction refused; so transactions wait instead.
 */
export class ReferenceDataAbsentError extends DomainError {
  /** @param version the one that was asked for by name; the current one when absent */
  constructor(version?: string) {
    const which = version === undefined ? 'no reference data' : `no version ${version} of the reference data`;
    super('REFERENCE_DATA_ABSENT', `${which} has been loaded`, { retryable: true });
  }
}

/** Reference data contradicts itself; nothing of it is loaded. */
export class ReferenceDataRefusedError extends DomainError {
  /** Each names the row and the member. */
  readonly problems: readonly string[];

  constructor(version: string, problems: readonly string[]) {
    super(
      'REFERENCE_DATA_REFUSED',
      `the reference data ${version} cannot be used:\n${problems.map((each) => `  ${each}`).join('\n')}`,
      { retryable: false },
    );
    this.problems = problems;
  }
}

/** A version that is loaded never changes: what was enriched with it must come out the same again. */
export class ReferenceVersionTakenError extends DomainError {
  constructor(version: string, sets: readonly string[]) {
    super(
      'REFERENCE_VERSION_TAKEN',
      `the reference data ${version} is loaded already, with other ${sets.join(', ')}: give what changed a new version`,
      { retryable: false },
    );
  }
}

/** While reference data was loaded, somebody else made another version the current one. */
export class ReferenceLoadOvertakenError extends DomainError {
  constructor(version: string, cause: unknown) {
    super(
      'REFERENCE_LOAD_OVERTAKEN',
      `the reference data ${version} is loaded, but not the current version: another load came between. Load it again`,
      { retryable: true, cause },
    );
  }
}
