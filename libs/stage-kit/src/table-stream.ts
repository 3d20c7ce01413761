import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { LambdaFunction } from './aws-context.ts';
import { messageOf } from './kit-error.ts';
import type { Log } from './log.ts';

/** A change of a table, as an event source mapping gives it. */
interface TableChange {
  readonly dynamodb: { readonly SequenceNumber: string; readonly NewImage?: Record<string, AttributeValue> };
}

/** The first row that could not be handled, one of those that were given. */
export interface UnhandledRow<Row> {
  readonly row: Row;
  readonly cause: unknown;
}

/**
 * Handles rows as they are after a change, in the order of the stream; a row that was removed is not among them.
 * Handling a row twice must come to the same as once.
 *
 * @returns nothing when all are handled, else the first that is not: it and all behind it come again. Whatever it
 *   throws, all rows come again
 */
export type StreamProcessing<Row> = (rows: readonly Row[]) => Promise<UnhandledRow<Row> | undefined>;

/**
 * The Lambda function that is fed with a table's stream. It answers which change is to come again, and the stream
 * goes on from there (DynamoDB developer guide, "Reporting batch item failures for Lambda functions").
 */
export function tableStreamFunction<Row>(log: Log, processing: StreamProcessing<Row>): LambdaFunction {
  return async (event) => {
    const { Records } = event as { readonly Records: readonly TableChange[] };
    const places = new Map<Row, string>();
    for (const { dynamodb } of Records) {
      if (dynamodb.NewImage !== undefined)
        places.set(unmarshall(dynamodb.NewImage) as Row, dynamodb.SequenceNumber);
    }
    if (places.size === 0) return { batchItemFailures: [] };
    const [first = ''] = places.values();
    try {
      const unhandled = await processing([...places.keys()]);
      if (unhandled === undefined) return { batchItemFailures: [] };
      return comesAgain(log, unhandled.cause, places.get(unhandled.row) ?? first);
    } catch (cause) {
      return comesAgain(log, cause, first);
    }
  };
}

function comesAgain(log: Log, cause: unknown, itemIdentifier: string) {
  log.error(
    { errorMessage: messageOf(cause) },
    'rows of a stream were not handled; the stream gives them again',
  );
  return { batchItemFailures: [{ itemIdentifier }] };
}
