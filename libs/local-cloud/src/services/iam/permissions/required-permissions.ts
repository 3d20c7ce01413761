import type { JsonObject } from '../../../core/aws-error.ts';
import type { Account } from '../../../core/resource.ts';
import type { ServiceName } from '../../../core/service.ts';
import { dynamodbPermissions } from './dynamodb-permissions.ts';
import { eventsPermissions } from './events-permissions.ts';
import { snsPermissions, sqsPermissions } from './messaging-permissions.ts';
import { arn, members, type Permission, type PermissionsOf, text } from './permission.ts';
import { s3Permissions } from './s3-permissions.ts';
import { schemasPermissions } from './schemas-permissions.ts';

/** Gives the ARN of the key that a KMS request means: by id, alias, ARN, or in its ciphertext. */
export type KeyArnOf = (input: JsonObject) => string;

/**
 * Makes the map from an API call to what IAM asks for it.
 * Source: Service Authorization Reference, the page of each service.
 */
export function requiredPermissions(
  account: Account,
  keyArnOf: KeyArnOf,
): (service: ServiceName, operation: string, input: JsonObject) => readonly Permission[] {
  const ofService: Readonly<Record<ServiceName, PermissionsOf>> = {
    dynamodb: dynamodbPermissions,
    events: eventsPermissions,
    iam: (operation) => [{ action: `iam:${operation}`, resource: '*' }],
    kms: (operation, input) => [kmsPermission(operation, input, keyArnOf(input))],
    lambda: lambdaPermissions,
    logs: logsPermissions,
    monitoring: monitoringPermissions,
    pipes: (operation, input) => [
      { action: `pipes:${operation}`, resource: arn(account, 'pipes', 'pipe/', text(input, 'Name')) },
    ],
    s3: s3Permissions,
    scheduler: (operation, input) => [
      {
        action: `scheduler:${operation}`,
        resource: arn(
          account,
          'scheduler',
          `schedule/${text(input, 'GroupName') || 'default'}/`,
          text(input, 'Name'),
        ),
      },
    ],
    schemas: schemasPermissions,
    sns: snsPermissions,
    sqs: sqsPermissions,
    states: statesPermissions,
  };
  return (service, operation, input) => ofService[service](operation, input, account);
}

function kmsPermission(operation: string, input: JsonObject, resource: string): Permission {
  const action = `kms:${operation}`;
  const context: Record<string, string> = {};
  for (const [name, value] of Object.entries(members(input['EncryptionContext']))) {
    context[`kms:encryptioncontext:${name}`.toLowerCase()] = String(value);
  }
  return Object.keys(context).length === 0 ? { action, resource } : { action, resource, context };
}

function lambdaPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const action = operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`;
  const name = text(input, 'FunctionName');
  if (name === '') {
    const mapping = text(input, 'UUID');
    return [
      { action, resource: mapping === '' ? '*' : arn(account, 'lambda', 'event-source-mapping:', mapping) },
    ];
  }
  const qualifier = text(input, 'Qualifier');
  const resource = arn(account, 'lambda', 'function:', name.split(':function:').at(-1) ?? name);
  return [{ action, resource: qualifier === '' ? resource : `${resource}:${qualifier}` }];
}

function statesPermissions(operation: string, input: JsonObject): Permission[] {
  const resource = text(input, 'stateMachineArn') || text(input, 'executionArn') || '*';
  return [{ action: `states:${operation}`, resource }];
}

function logsPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const group = arn(account, 'logs', 'log-group:', text(input, 'logGroupName'));
  return [{ action: `logs:${operation}`, resource: `${group}:log-stream:${text(input, 'logStreamName')}` }];
}

function monitoringPermissions(operation: string, input: JsonObject, account: Account): Permission[] {
  const action = `cloudwatch:${operation}`;
  if (operation === 'PutMetricData') {
    return [{ action, resource: '*', context: { 'cloudwatch:namespace': text(input, 'Namespace') } }];
  }
  const alarm = text(input, 'AlarmName');
  return [{ action, resource: alarm === '' ? '*' : arn(account, 'cloudwatch', 'alarm:', alarm) }];
}
