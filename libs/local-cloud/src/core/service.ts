import type { JsonObject } from './aws-error.ts';

/** Who calls: a role (its ARN), an AWS service on behalf of a resource, or the owner of the machine. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string }
  | { readonly kind: 'owner' };

/** The short names that the services go by, as in an SDK's signing name. */
export type ServiceName =
  | 'dynamodb'
  | 'events'
  | 'iam'
  | 'kms'
  | 'lambda'
  | 'logs'
  | 'monitoring'
  | 'pipes'
  | 's3'
  | 'scheduler'
  | 'schemas'
  | 'sns'
  | 'sqs'
  | 'states';

/**
 * One AWS service. Inputs and outputs are those of the service's API model (its JSON shapes), whatever
 * protocol a client speaks: the transport translates.
 */
export interface AwsService {
  readonly name: ServiceName;
  /**
   * Carries out one API operation.
   *
   * @param operation the operation's name in the API model, for example `PutEvents`
   * @param input the request's members; blobs are base64 strings, timestamps epoch seconds
   * @throws AwsError what the API would answer; `UnknownOperationException` for what is not run here
   */
  call(operation: string, input: JsonObject, caller: Principal): Promise<JsonObject> | JsonObject;
}

/** Calls any service as a principal, with its permissions checked and its faults injected. */
export type CallService = (
  service: ServiceName,
  operation: string,
  input: JsonObject,
  caller: Principal,
) => Promise<JsonObject>;
