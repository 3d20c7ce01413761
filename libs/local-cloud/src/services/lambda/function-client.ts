import { type SdkConfiguration, sdkConfiguration } from '../../transport/sdk-request-handler.ts';
import type { HandleRequest } from '../../transport/wire.ts';

/** What a function's SDK clients are made with. */
export interface FunctionClient extends SdkConfiguration {
  /**
   * SQS only: take the endpoint, not the queue's URL, for the host of a request. The transport is the
   * same for both, and the SDK would warn at every call.
   */
  readonly useQueueUrlAsEndpoint: false;
  readonly retryStrategy?: object;
}

/** Makes the client configuration of a function: its calls are made with its role. */
export function functionClient(handleRequest: HandleRequest, role: string, region: string): FunctionClient {
  const configuration = sdkConfiguration(handleRequest, { kind: 'role', arn: role }, region);
  return { ...configuration, useQueueUrlAsEndpoint: false };
}
