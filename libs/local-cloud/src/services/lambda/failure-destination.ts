import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';

/** What a destination gets besides the record itself. */
export interface DestinationMessage {
  readonly body: string;
  /** As SQS and SNS have them. */
  readonly attributes?: JsonObject;
  /** For an event bus. */
  readonly detailType?: string;
  readonly resources?: readonly string[];
}

const SERVICES: ReadonlySet<string> = new Set(['sqs', 'sns', 'lambda', 'events']);

/**
 * Checks that a destination is of a service that records can be sent to here.
 *
 * @throws AwsError InvalidParameterValueException
 */
export function checkDestination(arn: string | undefined): void {
  if (arn === undefined || SERVICES.has(serviceOf(arn))) return;
  throw new AwsError('InvalidParameterValueException', `The destination ${arn} is not run here.`);
}

/**
 * Sends a record to a queue, topic, function or event bus with the function's role, whose permissions are
 * checked. What cannot be sent is lost, as it is on AWS, and is said aloud.
 */
export async function sendToDestination(
  context: ServiceContext,
  arn: string,
  message: DestinationMessage,
  role: string,
): Promise<void> {
  const caller: Principal = { kind: 'role', arn: role };
  const attributes = message.attributes === undefined ? {} : { MessageAttributes: message.attributes };
  try {
    switch (serviceOf(arn)) {
      case 'sqs':
        await context.call(
          'sqs',
          'SendMessage',
          { QueueUrl: queueUrlOf(arn), MessageBody: message.body, ...attributes },
          caller,
        );
        return;
      case 'sns':
        await context.call('sns', 'Publish', { TopicArn: arn, Message: message.body, ...attributes }, caller);
        return;
      case 'lambda':
        await context.call(
          'lambda',
          'Invoke',
          { FunctionName: arn, InvocationType: 'Event', Payload: message.body },
          caller,
        );
        return;
      default:
        await context.call('events', 'PutEvents', { Entries: [entry(arn, message)] }, caller);
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    context.warn(`A record for ${arn} could not be sent and is lost: ${error.code}: ${error.message}`);
  }
}

function entry(busArn: string, message: DestinationMessage): JsonObject {
  return {
    EventBusName: busArn,
    Source: 'lambda',
    DetailType: message.detailType ?? '',
    Resources: [busArn, ...(message.resources ?? [])],
    Detail: message.body,
  };
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

function queueUrlOf(arn: string): string {
  const [, , , region, account, name] = arn.split(':');
  return `http://sqs.${region}.localhost/${account}/${name}`;
}
