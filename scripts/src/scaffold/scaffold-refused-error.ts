/** What a scaffolding command was asked for and does not do; the message says what to do instead. */
export class ScaffoldRefusedError extends Error {
  override readonly name = 'ScaffoldRefusedError';
  readonly code = 'ScaffoldRefused';
  readonly retryable = false;
}
