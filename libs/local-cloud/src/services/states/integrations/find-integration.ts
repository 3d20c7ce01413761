import type { FindIntegration, Integration } from '../asl/integration.ts';
import { optimizedIntegration, sdkIntegration } from './api-call.ts';
import { SDK_SERVICES } from './called-service.ts';
import { type FunctionCallers, functionIntegration, invokeIntegration } from './invoke-function.ts';
import { putEventsIntegration } from './put-events.ts';
import type { ErrorNaming } from './service-error.ts';
import { startExecutionIntegration } from './start-execution.ts';

const FUNCTION_ARN = /^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+(?::[^:]+)?$/;
const SERVICE_ARN = /^arn:aws:states:::(.+)$/;
const SDK_RESOURCE = /^aws-sdk:([a-z0-9]+):([a-zA-Z0-9]+)$/;

/** Optimized integrations that only pass a call on: by `service:action`. */
const PASSED_ON: Readonly<Record<string, ErrorNaming & { readonly sdkName: string }>> = {
  'dynamodb:getItem': { sdkName: 'dynamodb', prefix: 'DynamoDB', optimizedService: 'AmazonDynamoDBv2' },
  'dynamodb:putItem': { sdkName: 'dynamodb', prefix: 'DynamoDB', optimizedService: 'AmazonDynamoDBv2' },
  'dynamodb:updateItem': { sdkName: 'dynamodb', prefix: 'DynamoDB', optimizedService: 'AmazonDynamoDBv2' },
  'dynamodb:deleteItem': { sdkName: 'dynamodb', prefix: 'DynamoDB', optimizedService: 'AmazonDynamoDBv2' },
  'sns:publish': { sdkName: 'sns', prefix: 'SNS', optimizedService: 'AmazonSNS' },
  'sqs:sendMessage': { sdkName: 'sqs', prefix: 'SQS', optimizedService: 'AmazonSQS' },
};

/**
 * Finds integrations for the machines of one type: an Express machine cannot wait for a job (`.sync`), on AWS
 * neither.
 */
export function integrationsFor(callers: FunctionCallers, type: 'STANDARD' | 'EXPRESS'): FindIntegration {
  const invoke = invokeIntegration(callers);
  const putEvents = putEventsIntegration(callers);
  return (resource) => {
    if (FUNCTION_ARN.test(resource)) return functionIntegration(callers, resource);
    const name = SERVICE_ARN.exec(resource)?.[1];
    if (name === undefined) return 'neither a function nor a service integration (activities are not run)';
    if (name.endsWith('.waitForTaskToken')) return 'callbacks with task tokens are not run';
    if (name === 'lambda:invoke') return invoke;
    if (name === 'events:putEvents') return putEvents;
    if (name.startsWith('states:startExecution')) return startExecution(callers, name, type);
    const sdk = SDK_RESOURCE.exec(name);
    return sdk === null ? passedOn(callers, name) : sdkCall(callers, sdk[1] ?? '', sdk[2] ?? '');
  };
}

function startExecution(
  callers: FunctionCallers,
  name: string,
  type: 'STANDARD' | 'EXPRESS',
): Integration | string {
  if (name === 'states:startExecution') return startExecutionIntegration(callers, 'none');
  if (type === 'EXPRESS') return 'an Express state machine cannot wait for a job to end';
  if (name === 'states:startExecution.sync') return startExecutionIntegration(callers, 'text');
  if (name === 'states:startExecution.sync:2') return startExecutionIntegration(callers, 'json');
  return 'this integration is not known';
}

function passedOn(callers: FunctionCallers, name: string): Integration | string {
  const naming = Object.hasOwn(PASSED_ON, name) ? PASSED_ON[name] : undefined;
  const service = naming && SDK_SERVICES[naming.sdkName];
  if (naming === undefined || service === undefined) return 'this integration is not known here';
  const [resourceType = '', action = ''] = name.split(':');
  return optimizedIntegration(callers, resourceType, action, service, naming);
}

function sdkCall(callers: FunctionCallers, sdkName: string, action: string): Integration | string {
  if (sdkName === 'lambda' && action === 'invoke') return 'use arn:aws:states:::lambda:invoke';
  const service = Object.hasOwn(SDK_SERVICES, sdkName) ? SDK_SERVICES[sdkName] : undefined;
  return service === undefined
    ? `the service '${sdkName}' is not part of the local cloud`
    : sdkIntegration(callers, sdkName, service, action);
}
