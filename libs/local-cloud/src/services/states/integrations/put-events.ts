import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { ExecutionIdentity } from '../asl/execution.ts';
import type { Integration } from '../asl/integration.ts';
import { isList, isObject } from '../asl/json.ts';
import { StatesError } from '../asl/states-error.ts';
import { type Callers, callAsRole, operationInput } from './api-call.ts';

const EVENTS = { service: 'events', sdkErrorPrefix: 'EventBridge' } as const;
const NAMING = { prefix: 'EventBridge', optimizedService: 'AmazonEventBridge' };

/**
 * `arn:aws:states:::events:putEvents`. Every entry's Resources get the ARNs of the state machine and of the
 * execution; a Detail that is an object becomes its text. One failed entry fails the task with
 * `EventBridge.FailedEntry` although the others were put, so a retry puts those again.
 */
export function putEventsIntegration(callers: Callers): Integration {
  return {
    style: 'service',
    resource: 'putEvents',
    resourceType: 'events',
    async call(task) {
      const parameters = operationInput(EVENTS, 'PutEvents', task.parameters);
      const entries = parameters['Entries'];
      const input = isList(entries)
        ? { ...parameters, Entries: entries.map((entry) => completed(entry, task.execution)) }
        : parameters;
      const output = await callAsRole(callers, 'events', 'PutEvents', input, task, NAMING);
      if (output['FailedEntryCount'] !== 0) {
        throw new StatesError('EventBridge.FailedEntry', JSON.stringify(output));
      }
      return output;
    },
  };
}

function completed(entry: JsonValue, execution: ExecutionIdentity): JsonValue {
  if (!isObject(entry)) return entry;
  const { Detail: detail, Resources: resources } = entry;
  const complete: JsonObject = {
    ...entry,
    Resources: [...(isList(resources) ? resources : []), execution.stateMachineArn, execution.arn],
    ...(detail !== undefined && typeof detail !== 'string' && { Detail: JSON.stringify(detail) }),
  };
  return complete;
}
