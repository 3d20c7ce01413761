import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import { isoSeconds } from '../events/bus-event.ts';
import { compileTemplate } from '../events/input-template.ts';
import { compileJsonPath } from '../events/json-path.ts';
import { BatchFailure } from './batch-failure.ts';

/** What the reserved variables of a pipe's templates stand for. */
export interface PipeVariables {
  readonly pipeArn: string;
  readonly pipeName: string;
  readonly sourceArn: string;
  readonly enrichmentArn: string | undefined;
  readonly targetArn: string;
}

/**
 * Makes JSON text of one record.
 *
 * @param now epoch milliseconds, for `<aws.pipes.event.ingestion-time>`
 * @throws BatchFailure when the result is not JSON or a path is not supported: AWS finds out at run time only
 */
export type RecordTemplate = (record: JsonValue, now: number) => string;

/** Compiles an input template of a pipe; it is applied to each record of a batch, never to the batch. */
export function compileRecordTemplate(text: string, variables: PipeVariables): RecordTemplate {
  const template = compileTemplate(text);
  const paths = new Map(
    template.variables.filter((name) => name.startsWith('$')).map((name) => [name, pathOf(name)]),
  );
  const reserved: Readonly<Record<string, JsonValue | undefined>> = {
    'aws.pipes.pipe-arn': variables.pipeArn,
    'aws.pipes.pipe-name': variables.pipeName,
    'aws.pipes.source-arn': variables.sourceArn,
    'aws.pipes.enrichment-arn': variables.enrichmentArn,
    'aws.pipes.target-arn': variables.targetArn,
  };
  return (record, now) => {
    const rendered = template.render((name) => {
      const path = paths.get(name);
      if (path !== undefined) return path(record);
      if (name === 'aws.pipes.event.ingestion-time') return isoSeconds(Math.floor(now / 1000));
      if (name === 'aws.pipes.event' || name === 'aws.pipes.event.json') return record;
      return reserved[name];
    });
    if (rendered === undefined) throw new BatchFailure('The input template does not come out as JSON.');
    return rendered;
  };
}

/** A value that may be a path into the record, as `DetailType` or `Time` of a pipe's target. */
export function pathOrText(text: string): (record: JsonValue) => JsonValue | undefined {
  return text.startsWith('$') ? pathOf(text) : () => text;
}

function pathOf(path: string): (record: JsonValue) => JsonValue | undefined {
  try {
    // Paths lead into texts that hold JSON, such as the body of a queue's message.
    return compileJsonPath(path, { parseTexts: true });
  } catch (error) {
    return () => {
      throw new BatchFailure(error instanceof Error ? error.message : String(error));
    };
  }
}

/** The identifier by which a target names a record that it could not take. */
export function identifierOf(record: JsonValue): string | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
  const { eventID, messageId } = record as JsonObject;
  const identifier = eventID ?? messageId;
  return typeof identifier === 'string' ? identifier : undefined;
}
