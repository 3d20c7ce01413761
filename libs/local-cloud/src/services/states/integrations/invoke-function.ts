import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import type { FunctionInvoker } from '../../../core/seams.ts';
import { isTextTooLarge } from '../asl/data-limit.ts';
import type { Integration, TaskCall } from '../asl/integration.ts';
import { isObject } from '../asl/json.ts';
import { tooLarge } from '../asl/run-workflow.ts';
import { RuntimeFault, StatesError } from '../asl/states-error.ts';
import type { Callers } from './api-call.ts';
import { sdkMetadata } from './sdk-metadata.ts';
import { taskErrorOf } from './service-error.ts';

const NAMING = { prefix: 'Lambda', optimizedService: 'AWSLambda' };
/** The error of a function that failed without saying as what. */
const UNKNOWN_ERROR = 'Lambda.Unknown';

/** What integrations with functions are made from. */
export interface FunctionCallers extends Callers {
  readonly functions: FunctionInvoker;
  readonly account: Account;
}

/** A function's own ARN as the Resource: its input is the payload, its answer the result. */
export function functionIntegration(callers: FunctionCallers, functionArn: string): Integration {
  return {
    style: 'function',
    resource: functionArn,
    resourceType: functionArn,
    async call(task) {
      const { text, error } = await invoke(callers, functionArn, JSON.stringify(task.parameters), task);
      if (error !== undefined) throw new StatesError(error, text);
      return parsed(text, functionArn);
    },
  };
}

/** `arn:aws:states:::lambda:invoke`: the answer stands in `Payload`, beside the status. */
export function invokeIntegration(callers: FunctionCallers): Integration {
  return {
    style: 'service',
    resource: 'invoke',
    resourceType: 'lambda',
    async call(task) {
      const { parameters } = task;
      if (!isObject(parameters)) throw new RuntimeFault('The parameters of the task must be an object.');
      const functionArn = arnOf(parameters, callers.account);
      const payload = payloadText(parameters['Payload']);
      if (parameters['InvocationType'] === 'Event') return invokeLater(callers, functionArn, payload, task);
      const { text, error } = await invoke(callers, functionArn, payload, task);
      const answer = parsed(text, 'lambda');
      if (error !== undefined) throw new StatesError(error, JSON.stringify(answer));
      const result: JsonObject = {
        ExecutedVersion: qualifierOf(functionArn) ?? '$LATEST',
        Payload: answer,
        ...sdkMetadata(callers.runtime),
        StatusCode: 200,
      };
      return result;
    },
  };
}

async function invoke(
  callers: FunctionCallers,
  functionArn: string,
  payload: string,
  task: TaskCall,
): Promise<{ readonly text: string; readonly error: string | undefined }> {
  if (isTextTooLarge(payload)) throw tooLarge('lambda', false);
  try {
    const caller = { kind: 'role', arn: task.execution.roleArn } as const;
    const result = await callers.functions.invoke(functionArn, payload, caller);
    return { text: result.payload, error: result.functionError && errorTypeOf(result.payload) };
  } catch (error) {
    throw taskErrorOf(error, NAMING, callers.runtime);
  }
}

function invokeLater(
  callers: FunctionCallers,
  functionArn: string,
  payload: string,
  task: TaskCall,
): JsonObject {
  try {
    callers.functions.invokeAsync(functionArn, payload, { kind: 'role', arn: task.execution.roleArn });
  } catch (error) {
    throw taskErrorOf(error, NAMING, callers.runtime);
  }
  return { Payload: '', ...sdkMetadata(callers.runtime), StatusCode: 202 };
}

/** A function's answer that is too large fails the task, and a Catch of States.ALL takes that [recorded]. */
function parsed(text: string, what: string): JsonValue {
  if (isTextTooLarge(text)) throw tooLarge(what, false);
  try {
    const value: JsonValue = text === '' ? null : JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** The `errorType` of the error object that a failed function answered. */
function errorTypeOf(payload: string): string {
  const error = parsed(payload, 'lambda');
  const type = isObject(error) ? error['errorType'] : undefined;
  return typeof type === 'string' ? type : UNKNOWN_ERROR;
}

/** A payload that is text already and is JSON is sent as it is; anything else is sent as its JSON. */
function payloadText(payload: JsonValue | undefined): string {
  if (payload === undefined) return '{}';
  if (typeof payload !== 'string') return JSON.stringify(payload);
  try {
    JSON.parse(payload);
    return payload;
  } catch {
    return JSON.stringify(payload);
  }
}

/** The ARN of a function that is named by its name, a part of its ARN, or its ARN, with its qualifier. */
function arnOf(parameters: JsonObject, account: Account): string {
  const { FunctionName: name, Qualifier: qualifier } = parameters;
  if (typeof name !== 'string' || name === '') throw new RuntimeFault('FunctionName must be a string.');
  const short = /^(?:\d{12}:function:)?([^:]+(?::[^:]+)?)$/.exec(name)?.[1];
  const arn = short === undefined ? name : `arn:aws:lambda:${account.region}:${account.id}:function:${short}`;
  return typeof qualifier === 'string' && qualifierOf(arn) === undefined ? `${arn}:${qualifier}` : arn;
}

function qualifierOf(functionArn: string): string | undefined {
  return functionArn.split(':')[7];
}
