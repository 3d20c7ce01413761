import { AwsError } from '../core/aws-error.ts';
import type { CallService, Principal } from '../core/service.ts';
import { awsJson } from './aws-json.ts';
import { awsQuery } from './aws-query.ts';
import type { ApiCall, Protocol } from './protocol.ts';
import { restJson } from './rest-json.ts';
import { restXmlS3 } from './rest-xml-s3.ts';
import { rpcV2Cbor } from './rpc-v2-cbor.ts';
import type { HandleRequest, WireRequest, WireResponse } from './wire.ts';

/** In the order of asking: S3 is last, since any path could be an object's. */
const PROTOCOLS: readonly Protocol[] = [awsJson, awsQuery, rpcV2Cbor, restJson, restXmlS3];

/** What `makeHandleRequest` needs beside the services. */
export interface RequestOptions {
  /** Makes the id of a request, a UUID. */
  readonly requestId: () => string;
  /** Hears of an error that is no AWS error: a defect of the local cloud. */
  readonly onDefect: (error: unknown, operation: string) => void;
}

/**
 * Makes the one entrance for API requests in any AWS protocol.
 *
 * @param call carries out an operation, with permissions checked
 */
export function makeHandleRequest(call: CallService, options: RequestOptions): HandleRequest {
  return async (request: WireRequest, caller: Principal): Promise<WireResponse> => {
    const requestId = options.requestId();
    let protocol: Protocol = awsJson;
    let apiCall: ApiCall | undefined;
    try {
      for (const candidate of PROTOCOLS) {
        protocol = candidate;
        apiCall = candidate.read(request);
        if (apiCall !== undefined) break;
      }
      if (apiCall === undefined) {
        protocol = awsJson;
        throw new AwsError('UnknownOperationException', `No service here answers ${describe(request)}.`);
      }
      const output = await call(apiCall.service, apiCall.operation, apiCall.input, caller);
      return protocol.answer(apiCall, output, requestId);
    } catch (error) {
      return protocol.refuse(asAwsError(error, apiCall, options), apiCall, requestId);
    }
  };
}

function asAwsError(error: unknown, call: ApiCall | undefined, options: RequestOptions): AwsError {
  if (error instanceof AwsError) return error;
  const operation = call === undefined ? 'a request' : `${call.service}:${call.operation}`;
  options.onDefect(error, operation);
  const reason = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', `The local cloud failed in ${operation}: ${reason}`, {
    status: 500,
  });
}

function describe(request: WireRequest): string {
  const target = request.headers['x-amz-target'];
  return target === undefined ? `${request.method} ${request.path}` : `x-amz-target ${target}`;
}
