import type { JsonObject } from '../../core/aws-error.ts';
import { compileFilterCriteria } from '../../event-pattern/mapping-filter.ts';
import {
  objects,
  optionalNumber,
  optionalObject,
  optionalText,
  requiredText,
  validationError,
} from '../events/request-member.ts';
import { compileRecordTemplate, type RecordTemplate } from './record-template.ts';

/** EventBridge Pipes quotas and defaults (API reference, PipeSourceDynamoDBStreamParameters and others). */
const STREAM_BATCH_DEFAULT = 100;
const QUEUE_BATCH_DEFAULT = 10;
const BATCH_MAX = 10_000;
const WINDOW_SECONDS_MAX = 300;
const RETRY_ATTEMPTS_MAX = 10_000;
const RECORD_AGE_SECONDS_MAX = 604_800;
/** How many records these targets take at a time ("Pipes batching and concurrency"). */
const SMALL_TARGET_BATCH_MAX = 10;
const UNLIMITED = -1;

export type SourceKind = 'stream' | 'queue';
export type PipeTargetKind = 'bus' | 'queue' | 'function' | 'state-machine';

const TARGETS: readonly (readonly [PipeTargetKind, RegExp])[] = [
  ['bus', /^arn:[^:]+:events:[^:]*:[^:]*:event-bus\//],
  ['queue', /^arn:[^:]+:sqs:[^:]*:[^:]*:(?!.*\.fifo$)/],
  ['function', /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/],
  ['state-machine', /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/],
];

/** A pipe, made ready to run. */
export interface Pipe {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly sourceArn: string;
  readonly sourceKind: SourceKind;
  readonly passes: (record: JsonObject) => boolean;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly startsAtLatest: boolean;
  /** How often a batch is tried again; -1 for as long as its records live. */
  readonly retryAttemptsMax: number;
  /** How old a record may be, in seconds; -1 for any age. */
  readonly recordAgeSecondsMax: number;
  readonly bisects: boolean;
  readonly deadLetterArn: string | undefined;
  readonly enrichmentArn: string | undefined;
  readonly enrichmentInput: RecordTemplate | undefined;
  readonly targetArn: string;
  readonly targetKind: PipeTargetKind;
  /** The most records that the target takes at a time, when it has such a limit. */
  readonly targetBatchMax: number | undefined;
  readonly targetInput: RecordTemplate | undefined;
  readonly targetParameters: JsonObject;
  readonly definition: JsonObject;
}

/**
 * Reads a pipe in the shape of CreatePipe.
 *
 * @throws AwsError ValidationException, also for a source or target that the local cloud does not run
 */
export function compilePipe(definition: JsonObject, arn: string): Pipe {
  const name = requiredText(definition, 'Name');
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw validationError(`Pipe name ${name} is not valid.`);
  const sourceArn = requiredText(definition, 'Source');
  const targetArn = requiredText(definition, 'Target');
  const sourceKind = sourceKindOf(sourceArn);
  const targetKind = TARGETS.find(([, arns]) => arns.test(targetArn))?.[0];
  if (sourceKind === undefined)
    throw validationError(`Pipe ${name}: the local cloud does not read ${sourceArn}.`);
  if (targetKind === undefined)
    throw validationError(`Pipe ${name}: the local cloud does not deliver to ${targetArn}.`);
  const source = optionalObject(definition, 'SourceParameters') ?? {};
  const target = optionalObject(definition, 'TargetParameters') ?? {};
  const settings =
    optionalObject(source, sourceKind === 'stream' ? 'DynamoDBStreamParameters' : 'SqsQueueParameters') ?? {};
  const enrichmentArn = optionalText(definition, 'Enrichment');
  if (enrichmentArn !== undefined && !enrichmentArn.includes(':lambda:')) {
    throw validationError(`Pipe ${name}: the local cloud does not enrich with ${enrichmentArn}.`);
  }
  const roleArn = requiredText(definition, 'RoleArn');
  const variables = { pipeArn: arn, pipeName: name, sourceArn, enrichmentArn, targetArn };
  const targetBatchMax = targetKind === 'bus' || targetKind === 'queue' ? SMALL_TARGET_BATCH_MAX : undefined;
  const batchDefault = sourceKind === 'stream' ? STREAM_BATCH_DEFAULT : QUEUE_BATCH_DEFAULT;
  const batchSize = within(settings, 'BatchSize', 1, BATCH_MAX, batchDefault);
  const deadLetterArn = optionalText(optionalObject(settings, 'DeadLetterConfig') ?? {}, 'Arn');
  if (deadLetterArn !== undefined && !deadLetterArn.includes(':sqs:')) {
    throw validationError(
      `Pipe ${name}: the local cloud runs a queue as DeadLetterConfig, not ${deadLetterArn}.`,
    );
  }
  const startingPosition = sourceKind === 'stream' ? requiredText(settings, 'StartingPosition') : undefined;
  if (startingPosition !== undefined && !['LATEST', 'TRIM_HORIZON'].includes(startingPosition)) {
    throw validationError(`Pipe ${name}: StartingPosition ${startingPosition} is not valid.`);
  }
  const filters = objects(optionalObject(source, 'FilterCriteria') ?? {}, 'Filters');
  const enrichmentTemplate = templateOf(optionalObject(definition, 'EnrichmentParameters'));
  const targetTemplate = templateOf(target);
  return {
    name,
    arn,
    roleArn,
    sourceArn,
    sourceKind,
    passes: compileFilterCriteria(
      filters.map((filter) => requiredText(filter, 'Pattern')),
      sourceKind === 'stream' ? 'dynamodb' : 'sqs',
      'pipe',
    ),
    // Without an enrichment the source's batch is the target's batch.
    batchSize: enrichmentArn === undefined ? Math.min(batchSize, targetBatchMax ?? batchSize) : batchSize,
    windowMs: within(settings, 'MaximumBatchingWindowInSeconds', 0, WINDOW_SECONDS_MAX, 0) * 1000,
    startsAtLatest: startingPosition === 'LATEST',
    retryAttemptsMax: within(settings, 'MaximumRetryAttempts', UNLIMITED, RETRY_ATTEMPTS_MAX, UNLIMITED),
    recordAgeSecondsMax: within(
      settings,
      'MaximumRecordAgeInSeconds',
      UNLIMITED,
      RECORD_AGE_SECONDS_MAX,
      UNLIMITED,
    ),
    bisects: optionalText(settings, 'OnPartialBatchItemFailure') === 'AUTOMATIC_BISECT',
    deadLetterArn,
    enrichmentArn,
    enrichmentInput:
      enrichmentTemplate === undefined ? undefined : compileRecordTemplate(enrichmentTemplate, variables),
    targetArn,
    targetKind,
    targetBatchMax,
    targetInput: targetTemplate === undefined ? undefined : compileRecordTemplate(targetTemplate, variables),
    targetParameters: target,
    definition,
  };
}

function sourceKindOf(arn: string): SourceKind | undefined {
  if (/^arn:[^:]+:dynamodb:.*\/stream\//.test(arn)) return 'stream';
  return /^arn:[^:]+:sqs:/.test(arn) ? 'queue' : undefined;
}

function templateOf(parameters: JsonObject | undefined): string | undefined {
  const template = optionalText(parameters ?? {}, 'InputTemplate');
  return template === '' ? undefined : template;
}

function within(object: JsonObject, member: string, min: number, max: number, otherwise: number): number {
  const value = optionalNumber(object, member) ?? otherwise;
  if (value < min || value > max)
    throw validationError(`${member} must be between ${min} and ${max}, got ${value}.`);
  return value;
}
