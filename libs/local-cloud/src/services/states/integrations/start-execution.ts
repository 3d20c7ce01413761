import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Integration, TaskCall } from '../asl/integration.ts';
import { StatesError } from '../asl/states-error.ts';
import { type Callers, callAsRole, operationInput } from './api-call.ts';
import { SDK_SERVICES } from './called-service.ts';
import { upperCaseMembers, withDates } from './member-case.ts';
import { sdkMetadata } from './sdk-metadata.ts';

const NAMING = { prefix: 'StepFunctions', optimizedService: 'AWSStepFunctions' };
/** How often a job that goes on is asked whether it has ended. */
const POLL_MS = 1000;

/** Whether the task waits for the execution, and whether its data come as text or as JSON. */
export type Waiting = 'none' | 'text' | 'json';

/** `arn:aws:states:::states:startExecution`, `.sync` (waits, data as text) and `.sync:2` (data as JSON). */
export function startExecutionIntegration(callers: Callers, waiting: Waiting): Integration {
  const suffix = { none: '', text: '.sync', json: '.sync:2' }[waiting];
  return {
    style: 'service',
    resource: `startExecution${suffix}`,
    resourceType: 'states',
    async call(task) {
      const started = await start(callers, task);
      const output = { ...shown(started), ...sdkMetadata(callers.runtime) };
      if (waiting === 'none') return output;
      task.submitted(output);
      return ended(callers, task, started, waiting);
    },
  };
}

function start(callers: Callers, task: TaskCall): Promise<JsonObject> {
  const { sfn } = SDK_SERVICES;
  if (sfn === undefined) throw new Error('the service sfn is missing');
  const input = operationInput(sfn, 'StartExecution', task.parameters);
  return callAsRole(callers, 'states', 'StartExecution', input, task, NAMING);
}

async function ended(
  callers: Callers,
  task: TaskCall,
  started: JsonObject,
  waiting: Waiting,
): Promise<JsonValue> {
  const asked = { executionArn: started['executionArn'] };
  for (;;) {
    const execution = await callAsRole(callers, 'states', 'DescribeExecution', asked, task, NAMING);
    const { status } = execution;
    if (status === 'RUNNING') {
      await task.sleep(POLL_MS);
      continue;
    }
    const result = shown(waiting === 'json' ? withJsonData(execution) : execution);
    if (status === 'SUCCEEDED') return result;
    throw new StatesError('States.TaskFailed', JSON.stringify(result));
  }
}

/** In upper case, with dates in epoch milliseconds. */
function shown(output: JsonObject): JsonObject {
  const { input, output: result, ...others } = withDates(output, (seconds) => seconds * 1000);
  return Object.fromEntries([
    ...Object.entries(upperCaseMembers(others) ?? {}),
    ...(input === undefined ? [] : [['Input', input]]),
    ...(result === undefined ? [] : [['Output', result]]),
  ]);
}

function withJsonData(execution: JsonObject): JsonObject {
  const { input, output } = execution;
  return {
    ...execution,
    ...(typeof input === 'string' && { input: parsed(input) }),
    ...(typeof output === 'string' && { output: parsed(output) }),
  };
}

function parsed(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  return value;
}
