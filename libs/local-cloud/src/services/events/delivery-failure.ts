import { AwsError, type JsonObject } from '../../core/aws-error.ts';

/** Why a delivery failed, in the words of a dead-letter message (EventBridge, "Using dead-letter queues"). */
export interface DeliveryFailure {
  readonly code:
    | 'NO_PERMISSIONS'
    | 'NO_RESOURCE'
    | 'THROTTLING'
    | 'TIMEOUT'
    | 'INTERNAL_ERROR'
    | 'ERROR_FROM_TARGET';
  readonly message: string;
  /** False when trying again cannot help: no permission, or no such target. */
  readonly retryable: boolean;
}

export type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

const NO_PERMISSIONS = /AccessDenied|AuthorizationError|UnauthorizedOperation|NotAuthorized/;
const NO_RESOURCE = /NotFound|NonExistentQueue|QueueDoesNotExist|DoesNotExist/;
const THROTTLING = /Throttl|TooManyRequests|LimitExceeded|RequestLimit/;
const TIMEOUT = /Timeout|TimedOut/;

/**
 * Says why a delivery failed.
 *
 * @throws the error itself when no API answered it: that is a defect of the local cloud
 */
export function deliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof AwsError)) throw error;
  const message = `${error.code}: ${error.message}`;
  if (NO_PERMISSIONS.test(error.code)) return { code: 'NO_PERMISSIONS', message, retryable: false };
  if (NO_RESOURCE.test(error.code)) return { code: 'NO_RESOURCE', message, retryable: false };
  if (THROTTLING.test(error.code)) return { code: 'THROTTLING', message, retryable: true };
  if (TIMEOUT.test(error.code)) return { code: 'TIMEOUT', message, retryable: true };
  return { code: error.status >= 500 ? 'INTERNAL_ERROR' : 'ERROR_FROM_TARGET', message, retryable: true };
}

/** The message attributes of a dead-letter message. */
export function deadLetterAttributes(
  ruleArn: string,
  targetArn: string,
  failure: DeliveryFailure,
  retryAttempts: number,
  exhausted: ExhaustedCondition | undefined,
): JsonObject {
  return {
    RULE_ARN: text(ruleArn),
    TARGET_ARN: text(targetArn),
    ERROR_CODE: text(failure.code),
    ERROR_MESSAGE: text(failure.message),
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
    RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(retryAttempts) },
  };
}

function text(value: string): JsonObject {
  return { DataType: 'String', StringValue: value };
}
