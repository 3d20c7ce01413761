import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { identifierOf } from '@payments/domain';
import type { EventName, Metadata } from '@payments/schemas';
import { sourceOf } from '@payments/schemas';
import type { LambdaFunction } from './aws-context.ts';
import { RecordsFailedError } from './kit-error.ts';
import { type OpenedEvent, openRecords } from './open-event.ts';
import { PUT_EVENTS_ENTRIES_MAX } from './pack-records.ts';
import type { Publisher } from './put-events-publisher.ts';
import type { Processing } from './record-outcome.ts';
import { type RunDependencies, runStage } from './stage-run.ts';

/** A change of a table as a pipe hands it to its enrichment. */
interface TableChange {
  readonly eventID: string;
  readonly dynamodb: { readonly NewImage?: Record<string, AttributeValue> };
}

/** A pipe's answer would not fit the pipe's target; the pipe halves the batch and tries again. */
export class PipeBatchTooLargeError extends RecordsFailedError {
  constructor(stage: string, records: number, events: number) {
    super(
      stage,
      records,
      new Error(`${events} events do not fit one batch of ${PUT_EVENTS_ENTRIES_MAX} for the bus`),
    );
  }
}

/**
 * The Lambda function that enriches a pipe from a table's stream to the bus. The rows' `record` attribute is
 * taken for a record of `consumes`; the events named `returns` are answered to the pipe, which puts them on the
 * bus; any other event is published directly. A pipe knows no partial failure of its enrichment: when a record
 * must come again the invocation fails, and the whole batch does (EventBridge user guide, "Pipes enrichment").
 */
export function pipeEnrichmentFunction<Name extends EventName>(
  dependencies: RunDependencies & { readonly publisher: Publisher },
  options: { readonly consumes: Name; readonly returns: EventName },
  processing: Processing<Name>,
): LambdaFunction {
  const { stage, aws } = dependencies;
  return async (event) => {
    const changes = event as readonly TableChange[];
    const opened = changes.map((change) => openChange(change, options.consumes, stage.name, aws.clock.now()));
    const run = await runStage(dependencies, opened, processing);
    const returned = run.events.filter((each) => each.event === options.returns);
    const others = run.events.filter((each) => each.event !== options.returns);
    const refused = await dependencies.publisher.publish(others);
    const [cause] = [...refused.values(), ...run.failures.values()];
    if (cause !== undefined)
      throw new RecordsFailedError(stage.name, run.failures.size + refused.size, cause);
    if (returned.length > PUT_EVENTS_ENTRIES_MAX)
      throw new PipeBatchTooLargeError(stage.name, changes.length, returned.length);
    run.finish();
    return returned.map(({ detail }) => JSON.parse(detail));
  };
}

function openChange<Name extends EventName>(
  change: TableChange,
  consumes: Name,
  stage: string,
  now: number,
): OpenedEvent<Name> {
  const { record } = unmarshall(change.dynamodb.NewImage ?? {}) as {
    record?: { scheme?: string; transactionId?: string };
  };
  if (record?.scheme === undefined || record.transactionId === undefined) {
    const refused = {
      event: consumes,
      reason: 'ROW_WITHOUT_RECORD',
      explanation: `${stage}: change ${change.eventID}`,
      content: record,
    };
    return { incoming: [], refused: [refused] };
  }
  const eventId = identifierOf('table-change', record.transactionId);
  const metadata: Metadata = {
    eventId,
    schemaVersion: 1,
    producedBy: sourceOf('ingest'),
    producedAt: new Date(now).toISOString(),
    source: record.scheme,
    deliveryMode: 'real-time',
    recordCount: 1,
    correlationId: record.transactionId,
    traceparent: `00-${record.transactionId.replaceAll('-', '')}-${eventId.replaceAll('-', '').slice(0, 16)}-01`,
  };
  return openRecords(consumes, [record], metadata);
}
