import { InvokeCommand } from '@aws-sdk/client-lambda';
import { resourceName } from '@payments/infra/names';
import { type Connection, ConnectionRefusedError } from './connection.ts';

/** What reconcile would not do; the message says why. */
export class ReconcileRefusedError extends Error {
  override readonly name = 'ReconcileRefusedError';
  readonly code: string;
  readonly retryable = false;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A function's answer when it failed (AWS Lambda developer guide, "Function errors"). */
interface Failure {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/**
 * Invokes a function of reconcile and waits for its answer: whoever may not invoke it may not decide, and whatever is
 * decided is written down by the stage.
 *
 * @throws ReconcileRefusedError with the stage's own words when it refuses or fails; ConnectionRefusedError where no
 *   function runs
 */
export async function invokeReconcile<Answer>(
  { lambda, environment, kind }: Connection,
  purpose: 'decide' | 'pass' | 'ledger',
  request: object,
): Promise<Answer> {
  if (kind === 'at-rest')
    throw new ConnectionRefusedError(
      'This is done by a function of reconcile, and none runs: run "npm start" on this data directory first.',
    );
  const FunctionName = resourceName(environment, 'reconcile', purpose);
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }),
  );
  const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
  if (FunctionError === undefined) return answer as Answer;
  const { errorType = FunctionError, errorMessage = 'it failed' } = (answer ?? {}) as Failure;
  throw new ReconcileRefusedError(errorType, `Reconcile refuses: ${errorMessage}.`);
}
