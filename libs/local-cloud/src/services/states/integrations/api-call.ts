import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';
import type { CallService } from '../../../core/service.ts';
import type { Integration, TaskCall } from '../asl/integration.ts';
import { isObject } from '../asl/json.ts';
import { RuntimeFault } from '../asl/states-error.ts';
import { type CalledService, TEXT_MEMBERS } from './called-service.ts';
import { lowerCaseMembers, upperCase, upperCaseMembers, withDates } from './member-case.ts';
import { sdkMetadata } from './sdk-metadata.ts';
import { type ErrorNaming, taskErrorOf } from './service-error.ts';

/** What integrations are made from. */
export interface Callers {
  readonly call: CallService;
  readonly runtime: Runtime;
}

/**
 * Calls an API operation as the execution's role.
 *
 * @throws StatesError named as the integration names the service's errors
 */
export async function callAsRole(
  callers: Callers,
  service: CalledService['service'],
  operation: string,
  input: JsonObject,
  task: TaskCall,
  naming: ErrorNaming,
): Promise<JsonObject> {
  try {
    return await callers.call(service, operation, input, { kind: 'role', arn: task.execution.roleArn });
  } catch (error) {
    throw taskErrorOf(error, naming, callers.runtime);
  }
}

/** The task's parameters as the input of an operation: an object, its texts made from any JSON. */
export function operationInput(service: CalledService, operation: string, parameters: JsonValue): JsonObject {
  if (!isObject(parameters)) throw new RuntimeFault('The parameters of the task must be an object.');
  const texts = TEXT_MEMBERS[`${service.service}:${operation}`] ?? [];
  if (service.lowerCaseMembers !== true) return withTexts(parameters, texts);
  const { Input: input, ...others } = parameters;
  const named = lowerCaseMembers(others);
  return withTexts({ ...(isObject(named) && named), ...(input !== undefined && { input }) }, texts);
}

/** Makes members into JSON text where they are not text already; null counts as absent. */
function withTexts(input: JsonObject, members: readonly string[]): JsonObject {
  if (members.length === 0) return input;
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) => {
      if (!members.includes(name) || typeof value === 'string') return [[name, value]];
      return value === null || value === undefined ? [] : [[name, JSON.stringify(value)]];
    }),
  );
}

/** `arn:aws:states:::aws-sdk:<service>:<action>`: any operation of a service that this cloud has. */
export function sdkIntegration(
  callers: Callers,
  sdkName: string,
  service: CalledService,
  action: string,
): Integration {
  const operation = upperCase(action);
  const naming = { prefix: service.sdkErrorPrefix };
  return {
    style: 'service',
    resource: action,
    resourceType: `aws-sdk:${sdkName}`,
    async call(task) {
      const input = operationInput(service, operation, task.parameters);
      const output = await callAsRole(callers, service.service, operation, input, task, naming);
      if (service.lowerCaseMembers !== true) return output;
      return upperCaseMembers(withDates(output, (seconds) => new Date(seconds * 1000).toISOString()));
    },
  };
}

/** An optimized integration that only passes a call on: DynamoDB items, SNS, SQS. */
export function optimizedIntegration(
  callers: Callers,
  resourceType: string,
  action: string,
  service: CalledService,
  naming: ErrorNaming,
): Integration {
  const operation = upperCase(action);
  return {
    style: 'service',
    resource: action,
    resourceType,
    async call(task) {
      const input = operationInput(service, operation, task.parameters);
      const output = await callAsRole(callers, service.service, operation, input, task, naming);
      return { ...output, ...sdkMetadata(callers.runtime) };
    },
  };
}
