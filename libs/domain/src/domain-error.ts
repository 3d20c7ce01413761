/**
 * The base of every error that a stage raises on purpose. `code` is for machines, `retryable` says whether
 * the same input may succeed later: only then is it tried again, otherwise the record is set aside.
 */
export class DomainError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable;
  }
}
