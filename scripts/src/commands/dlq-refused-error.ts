/** What cannot be done with dead letters; the message says why and what to do instead. */
export class DeadLettersRefusedError extends Error {
  override readonly name = 'DeadLettersRefusedError';
  readonly code: string;
  readonly retryable = false;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
