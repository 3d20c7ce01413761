import type { InvocationResult } from '../../core/seams.ts';
import { handlerModule } from './bundle.ts';
import type { FunctionClient } from './function-client.ts';
import type { FunctionConfiguration } from './function-host.ts';

/** The largest answer of a synchronous invocation (Lambda quotas, "Invocation payload"). */
const RESPONSE_BYTES_MAX = 6 * 1024 * 1024;

/** What a bundle's `compose` is given: everything that it would otherwise take from the process. */
export interface AwsAccess {
  readonly clock: { now(): number; sleep(milliseconds: number): Promise<void> };
  readonly random: { uuid(): string; next(): number; bytes(length: number): Uint8Array };
  readonly client: FunctionClient;
  /** Writes a line of the function's log. */
  output(line: string): void;
}

/** The second argument of a handler (Lambda Developer Guide, "Node.js context object"). */
export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

type Handler = (event: unknown, context: LambdaContext) => unknown;

/** What an instance is told of an invocation. */
export interface InstanceInvocation {
  readonly requestId: string;
  readonly timeoutMs: number;
}

/** One execution environment of a function: its composed handler, which runs one invocation at a time. */
export interface FunctionInstance {
  run(payload: string, invocation: InstanceInvocation): Promise<InvocationResult>;
}

/**
 * Starts an instance of a function: imports the bundle's module and composes the handler. A bundle that
 * exports `compose` has no state of its own, so its module is shared; any other gets a module of its own.
 *
 * @param directory the opened bundle
 * @param serial tells this instance from others of the same function in this thread
 * @throws what the module throws, or Runtime.HandlerNotFound
 */
export async function startInstance(
  fn: FunctionConfiguration,
  directory: string,
  aws: AwsAccess,
  serial: number,
): Promise<FunctionInstance> {
  const { url, exportName } = handlerModule(directory, fn.handler);
  const shared: Record<string, unknown> = await import(url);
  const handler =
    typeof shared['compose'] === 'function'
      ? composed(shared['compose'](environmentOf(fn, aws.client.region), aws), exportName)
      : (await import(`${url}?instance=${serial}`))[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${fn.handler} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return {
    run: (payload, invocation) => runHandler(handler as Handler, fn, aws, payload, invocation),
  };
}

/** The error object that Lambda answers for something thrown, as an invocation's result. */
export function failure(error: unknown): InvocationResult {
  const thrown = error instanceof Error ? error : undefined;
  return {
    payload: JSON.stringify({
      errorType: thrown?.name ?? typeof error,
      errorMessage: thrown?.message ?? String(error),
      trace: thrown?.stack?.split('\n') ?? [],
    }),
    functionError: 'Unhandled',
  };
}

function composed(handlers: unknown, name: string): unknown {
  return typeof handlers === 'object' && handlers !== null ? Reflect.get(handlers, name) : undefined;
}

/** The function's variables and those that Lambda reserves (Lambda, "Defined runtime environment variables"). */
function environmentOf(fn: FunctionConfiguration, region: string): Record<string, string> {
  return {
    ...fn.environment,
    _HANDLER: fn.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
  };
}

async function runHandler(
  handler: Handler,
  fn: FunctionConfiguration,
  aws: AwsAccess,
  payload: string,
  invocation: InstanceInvocation,
): Promise<InvocationResult> {
  const deadline = aws.clock.now() + invocation.timeoutMs;
  const context: LambdaContext = {
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: fn.arn,
    memoryLimitInMB: String(fn.memoryMb),
    awsRequestId: invocation.requestId,
    logGroupName: `/aws/lambda/${fn.name}`,
    logStreamName: '[$LATEST]local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - aws.clock.now()),
  };
  try {
    const answer = await handler(payload === '' ? {} : JSON.parse(payload), context);
    const text = JSON.stringify(answer) ?? 'null';
    if (Buffer.byteLength(text) <= RESPONSE_BYTES_MAX) return { payload: text, functionError: undefined };
    const message = `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`;
    return failure(Object.assign(new Error(message), { name: 'Function.ResponseSizeTooLarge' }));
  } catch (error) {
    return failure(error);
  }
}
