import { DomainError } from '@payments/domain';

/** Why something cannot be said as an ISO 20022 message. */
export type RenderErrorCode =
  /** A document without a message, or with more than one. */
  | 'DOCUMENT_ROOT_MISSING'
  /** A member that the message definition has no element for, or none that we carry. */
  | 'ELEMENT_UNKNOWN'
  /** A member that is neither text, nor truth value, nor elements. */
  | 'ELEMENT_UNREADABLE'
  /** `Card/PAN` passes the Luhn check: it is a number and no surrogate. */
  | 'CARD_NUMBER'
  /** The entries are not all of their sequence, each once. */
  | 'SEQUENCE_INCOMPLETE';

/** What was given cannot be rendered; the same again never can. */
export class RenderError extends DomainError {
  constructor(code: RenderErrorCode, message: string) {
    super(code, message, { retryable: false });
  }
}
