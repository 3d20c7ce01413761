import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** A function that was invoked answered with an error. */
export class InvocationFailedError extends Error {
  override readonly name = 'InvocationFailedError';

  constructor(functionName: string, errorType: string, errorMessage: string) {
    super(`${functionName} failed: ${errorType}: ${errorMessage}`);
  }
}

/**
 * Invokes a function and waits for its answer.
 *
 * @throws InvocationFailedError when the function failed
 */
export async function invoke<Answer>(
  lambda: LambdaClient,
  functionName: string,
  request: object,
): Promise<Answer> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
  );
  const answer = JSON.parse(Payload?.transformToString() ?? 'null') as Answer & {
    errorType?: string;
    errorMessage?: string;
  };
  if (FunctionError !== undefined) {
    throw new InvocationFailedError(
      functionName,
      answer.errorType ?? FunctionError,
      answer.errorMessage ?? '',
    );
  }
  return answer;
}
