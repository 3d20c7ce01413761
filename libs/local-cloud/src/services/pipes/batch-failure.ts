/** A batch, or a part of it, did not get through a pipe and is to be tried again. */
export class BatchFailure extends Error {
  override readonly name = 'BatchFailure';
  readonly code = 'PIPE_BATCH_FAILED';
  readonly retryable = true;
  /** Which records of the batch failed, by their place in it; all of them when it is missing. */
  readonly failed: ReadonlySet<number> | undefined;

  constructor(message: string, options: { failed?: ReadonlySet<number>; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.failed = options.failed;
  }
}
