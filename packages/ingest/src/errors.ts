import { DomainError } from '@payments/domain';

/** What can be wrong with the bytes of an ISO 8583 message, or with a value that is to become one. */
export type Iso8583FormatCode =
  | 'ODD_HEX'
  | 'BAD_HEX'
  | 'CUT_SHORT'
  | 'TRAILING_BYTES'
  | 'BAD_DIGIT'
  | 'BAD_PADDING'
  | 'BAD_LENGTH'
  | 'BAD_VALUE'
  | 'UNKNOWN_ELEMENT'
  | 'UNSUPPORTED_VERSION';

/** The part of a message that an error is about: a data element by its number, or what stands before them. */
export type MessagePart = number | 'MESSAGE' | 'MTI' | 'BITMAP';

/**
 * A message breaks its format. The text says where and what, and never what stood there: it may have been a
 * card number.
 */
export class Iso8583FormatError extends DomainError {
  declare readonly code: Iso8583FormatCode;
  readonly part: MessagePart;
  /** Bytes before the fault, from the start of the message; 0 for a value that is to be encoded. */
  readonly byteOffset: number;

  constructor(code: Iso8583FormatCode, part: MessagePart, byteOffset: number) {
    const name = typeof part === 'number' ? `DE${part}` : part;
    super(code, `${name} at byte ${byteOffset}: ${code}`, { retryable: false });
    this.part = part;
    this.byteOffset = byteOffset;
  }
}

/** Why an input line cannot be read, beside the format codes. */
export type UnreadableReason =
  | Iso8583FormatCode
  | 'NOT_JSON'
  | 'INVALID_INPUT_LINE'
  | 'UNSUPPORTED_MESSAGE'
  | 'PAIR_MISMATCH'
  | 'MISSING_ELEMENT'
  | 'INVALID_ELEMENT'
  | 'UNKNOWN_CURRENCY'
  | 'AMBIGUOUS_AMOUNT'
  | 'PAN_IN_FREE_TEXT'
  | 'CONTRACT';

/** An input line is no authorization that we can take; the line is reported and the rest goes on. */
export class UnreadableLineError extends DomainError {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, explanation: string) {
    super(reason, explanation, { retryable: false });
    this.reason = reason;
  }
}

/** The caller asked for something that this function does not do: too many lines, or no lines at all. */
export class IngestRequestError extends DomainError {
  constructor(explanation: string) {
    super('INGEST_REQUEST', explanation, { retryable: false });
  }
}

/** Rows that DynamoDB left unprocessed are still unwritten after all attempts. The caller tries again. */
export class UnprocessedItemsError extends DomainError {
  constructor(table: string, count: number) {
    super('UNPROCESSED_ITEMS', `${count} items of ${table} were left unprocessed`, { retryable: true });
  }
}

/** A card got no token after all attempts, because others wrote at the same time. The caller tries again. */
export class TokenContentionError extends DomainError {
  constructor(cause: unknown) {
    super('TOKEN_CONTENTION', 'a card got no token after all attempts', { retryable: true, cause });
  }
}

/** A key of the vault is not what the vault needs: KMS gave no key material, or the row of the key is broken. */
export class VaultKeyError extends DomainError {
  constructor(explanation: string) {
    super('VAULT_KEY', explanation, { retryable: true });
  }
}
