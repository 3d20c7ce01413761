import type { AwsError, JsonObject } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';
import { noteSourceText } from '../core/source-text.ts';
import { type ApiCall, bodyText, type Protocol, parseObject } from './protocol.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** The service prefixes of `x-amz-target`, from the services' API models. */
const SERVICE_OF_TARGET: Readonly<Record<string, ServiceName>> = {
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  TrentService: 'kms',
  AmazonSQS: 'sqs',
  Logs_20140328: 'logs',
  GraniteServiceVersion20100801: 'monitoring',
};

/** The SQS errors whose code in the older query protocol is neither their name nor AWS.SimpleQueueService.<name>. */
const SQS_QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  KmsAccessDenied: 'KMS.AccessDeniedException',
  KmsDisabled: 'KMS.DisabledException',
  KmsInvalidKeyUsage: 'KMS.InvalidKeyUsageException',
  KmsInvalidState: 'KMS.InvalidStateException',
  KmsNotFound: 'KMS.NotFoundException',
  KmsOptInRequired: 'KMS.OptInRequired',
  KmsThrottled: 'KMS.ThrottlingException',
};

const SQS_PREFIXED: ReadonlySet<string> = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

const CONTENT_TYPE_1_0 = 'application/x-amz-json-1.0';
const CONTENT_TYPE_1_1 = 'application/x-amz-json-1.1';
const VERSION_1_1: ReadonlySet<ServiceName> = new Set(['events', 'kms', 'logs']);

/**
 * AWS JSON 1.0 and 1.1: the operation in `x-amz-target`, members as JSON.
 * Source: smithy.io, "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol".
 */
export const awsJson: Protocol = {
  read(request: WireRequest): ApiCall | undefined {
    const target = request.headers['x-amz-target'];
    if (target === undefined) return undefined;
    const dot = target.lastIndexOf('.');
    const service = SERVICE_OF_TARGET[target.slice(0, dot)];
    if (service === undefined) return undefined;
    const text = bodyText(request);
    const input = parseObject(text);
    noteSourceText(input, text);
    return { service, operation: target.slice(dot + 1), input };
  },

  answer(call: ApiCall, output: JsonObject, requestId: string): WireResponse {
    return { status: 200, headers: headers(call, requestId), body: JSON.stringify(output) };
  },

  refuse(error: AwsError, call: ApiCall | undefined, requestId: string): WireResponse {
    const body = { ...error.members, __type: error.code, message: error.message };
    const queryError =
      call?.service === 'sqs'
        ? { 'x-amzn-query-error': `${queryCode(error.code)};${error.status < 500 ? 'Sender' : 'Receiver'}` }
        : {};
    return {
      status: error.status,
      headers: { ...headers(call, requestId), ...queryError },
      body: JSON.stringify(body),
    };
  },
};

function queryCode(code: string): string {
  return SQS_QUERY_CODES[code] ?? (SQS_PREFIXED.has(code) ? `AWS.SimpleQueueService.${code}` : code);
}

function headers(call: ApiCall | undefined, requestId: string): Record<string, string> {
  const version11 = call !== undefined && VERSION_1_1.has(call.service);
  return {
    'content-type': version11 ? CONTENT_TYPE_1_1 : CONTENT_TYPE_1_0,
    'x-amzn-requestid': requestId,
  };
}
