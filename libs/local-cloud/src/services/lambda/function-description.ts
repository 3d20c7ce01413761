import type { JsonObject } from '../../core/aws-error.ts';
import type { FunctionRecord } from './function-registry.ts';

/** A function as GetFunctionConfiguration answers it. */
export function describeFunction(fn: FunctionRecord): JsonObject {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: fn.runtime,
    Role: fn.role,
    Handler: fn.handler,
    Description: fn.description,
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memoryMb,
    CodeSha256: fn.codeSha256,
    LastModified: new Date(fn.lastModified).toISOString(),
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Environment: { Variables: { ...fn.environment } },
    ...(fn.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: fn.deadLetterArn } }),
  };
}
