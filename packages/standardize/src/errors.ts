import { DomainError } from '@payments/domain';

/** Why an authorization cannot be said in ISO 20022; each code names what is missing or unreadable. */
export type StandardizeErrorCode =
  /** DE42: the card acceptor (`Accptr`) needs an id. */
  | 'MERCHANT_ID_MISSING'
  /** DE43: the card acceptor (`Accptr`) needs a name. */
  | 'MERCHANT_NAME_MISSING'
  /** DE90: a reversal that does not say what it reverses. */
  | 'ORIGINAL_DATA_MISSING'
  /** DE90, first four digits: an original that is no authorization, financial message or reversal. */
  | 'ORIGINAL_MESSAGE_TYPE_UNKNOWN'
  /** DE39: neither a two-character response code nor an action code of three or four digits. */
  | 'RESPONSE_CODE_UNREADABLE'
  /** DE9, DE10: more than the twelve integer digits that a cain rate has. */
  | 'RATE_TOO_LARGE';

/** An authorization lacks what its ISO 20022 message needs. The same input never succeeds later. */
export class StandardizeError extends DomainError {
  constructor(code: StandardizeErrorCode, message: string) {
    super(code, message, { retryable: false });
  }
}
