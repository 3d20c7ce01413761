/** The SDK's retry token, as far as a strategy makes it. */
interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** What the SDK tells of a failed attempt. */
interface RetryError {
  readonly errorType: 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';
}

/** What the SDK's standard strategy tries again; transient errors include its statuses 500 to 504. */
const RETRIED: ReadonlySet<RetryError['errorType']> = new Set(['TRANSIENT', 'THROTTLING']);

/**
 * A retry strategy for the SDK's clients that retries what the standard one does, but at once: in a
 * simulation time is virtual, and the standard strategy would wait in real time, by real randomness.
 *
 * @param attempts how often a call is tried at most
 */
export function immediateRetries(attempts: number) {
  const token = (count: number): RetryToken => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async (): Promise<RetryToken> => token(0),
    async refreshRetryTokenForRetry(previous: RetryToken, error: RetryError): Promise<RetryToken> {
      const retries = previous.getRetryCount() + 1;
      if (retries >= attempts || !RETRIED.has(error.errorType)) throw new Error('No retries left');
      return token(retries);
    },
    recordSuccess: (): void => undefined,
  };
}
