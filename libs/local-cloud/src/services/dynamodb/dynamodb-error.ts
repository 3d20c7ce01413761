import { AwsError, type JsonObject } from '../../core/aws-error.ts';

/** A request that DynamoDB refuses for its shape or content. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A parameter that is well formed and still not allowed. */
export function invalidParameter(reason: string): AwsError {
  return validationError(`One or more parameter values were invalid: ${reason}`);
}

export function tableNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

/** A condition that does not hold; AWS bills the attempt by the item that is there. */
export class ConditionFailure extends AwsError {
  /** The size of the item in bytes, 0 when there is none. */
  readonly itemSize: number;

  /** @param item the item as it is, when the caller asked for ReturnValuesOnConditionCheckFailure ALL_OLD */
  constructor(itemSize: number, item: JsonObject | undefined) {
    const members = item === undefined ? {} : { Item: item };
    super('ConditionalCheckFailedException', 'The conditional request failed', { members });
    this.itemSize = itemSize;
  }
}

/** Why one action of a transaction stands in its way; `{ Code: 'None' }` for an action that does not. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: JsonObject;
}

/** @param reasons one for each action, in the order of the request */
export function transactionCanceled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons.map((reason) => ({ ...reason })) } },
  );
}
