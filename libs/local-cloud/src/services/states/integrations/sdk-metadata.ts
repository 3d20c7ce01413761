import type { JsonObject } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';

/** What optimized integrations add to an answer: the response's status and headers. */
export function sdkMetadata(runtime: Runtime): JsonObject {
  const requestId = runtime.uuid();
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: { 'x-amzn-RequestId': [requestId] },
      HttpHeaders: { 'x-amzn-RequestId': requestId },
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
