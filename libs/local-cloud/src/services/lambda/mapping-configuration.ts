import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import {
  isObject,
  objects,
  optionalBoolean,
  optionalInteger,
  optionalText,
  requiredText,
  texts,
} from '../sqs/members.ts';
import { functionName } from './function-registry.ts';

const CODE = 'InvalidParameterValueException';
/** API reference, CreateEventSourceMapping. */
const BATCH_SIZE = { min: 1, max: 10_000 };
const WINDOW_SECONDS = { min: 0, max: 300 };
const CONCURRENCY = { min: 2, max: 1000 };
const RETRY_ATTEMPTS = { min: -1, max: 10_000 };
const RECORD_AGE_SECONDS = { min: -1, max: 604_800 };
const RECORD_AGE_LEAST_SECONDS = 60;
const PARALLELIZATION = { min: 1, max: 10 };
const DEFAULT_BATCH_SIZE = { sqs: 10, dynamodb: 100 };
/** From this batch size on a queue's mapping needs a window. */
const WINDOWLESS_BATCH_MAX = 10;
const NOT_RUN = [
  'TumblingWindowInSeconds',
  'Queues',
  'Topics',
  'SourceAccessConfigurations',
  'SelfManagedEventSource',
  'ProvisionedPollerConfig',
];

/** An event source mapping, checked and with its defaults. -1 means without limit. */
export interface MappingConfiguration {
  readonly uuid: string;
  readonly source: 'sqs' | 'dynamodb';
  readonly sourceArn: string;
  readonly functionName: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly reportsFailures: boolean;
  readonly filters: readonly string[];
  readonly lastModified: number;
  /** For queues: how many invocations at once. */
  readonly maximumConcurrency: number | undefined;
  /** For streams. */
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
  readonly startingTimestamp: number | undefined;
  readonly bisects: boolean;
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly parallelizationFactor: number;
  readonly onFailureArn: string | undefined;
}

/**
 * Reads what CreateEventSourceMapping, or UpdateEventSourceMapping with what was there before, asks for.
 *
 * @throws AwsError InvalidParameterValueException
 */
export function readMapping(
  input: JsonObject,
  previous: MappingConfiguration | undefined,
  identity: { readonly uuid: string; readonly now: number },
): MappingConfiguration {
  const notRun = NOT_RUN.find((name) => input[name] !== undefined && input[name] !== null);
  if (notRun !== undefined) throw new AwsError(CODE, `${notRun} is not run here.`);
  const sourceArn = previous?.sourceArn ?? requiredText(input, 'EventSourceArn', CODE);
  const source = sourceOf(sourceArn);
  const integer = (name: string, bounds: { min: number; max: number }): number | undefined =>
    optionalInteger(input, name, bounds, CODE);
  const name = optionalText(input, 'FunctionName', CODE);
  const types = input['FunctionResponseTypes'];
  const configuration: MappingConfiguration = {
    uuid: identity.uuid,
    source,
    sourceArn,
    functionName: name === undefined ? (previous?.functionName ?? '') : functionName(name),
    enabled: optionalBoolean(input, 'Enabled') ?? previous?.enabled ?? true,
    batchSize: integer('BatchSize', BATCH_SIZE) ?? previous?.batchSize ?? DEFAULT_BATCH_SIZE[source],
    windowSeconds: integer('MaximumBatchingWindowInSeconds', WINDOW_SECONDS) ?? previous?.windowSeconds ?? 0,
    reportsFailures: Array.isArray(types)
      ? types.includes('ReportBatchItemFailures')
      : (previous?.reportsFailures ?? false),
    filters: readFilters(input, previous),
    lastModified: identity.now,
    maximumConcurrency: readConcurrency(input, previous),
    startingPosition: previous?.startingPosition ?? startingPosition(input, source),
    startingTimestamp: previous?.startingTimestamp ?? startingTimestamp(input),
    bisects: optionalBoolean(input, 'BisectBatchOnFunctionError') ?? previous?.bisects ?? false,
    maximumRetryAttempts:
      integer('MaximumRetryAttempts', RETRY_ATTEMPTS) ?? previous?.maximumRetryAttempts ?? -1,
    maximumRecordAgeSeconds:
      integer('MaximumRecordAgeInSeconds', RECORD_AGE_SECONDS) ?? previous?.maximumRecordAgeSeconds ?? -1,
    parallelizationFactor:
      integer('ParallelizationFactor', PARALLELIZATION) ?? previous?.parallelizationFactor ?? 1,
    onFailureArn: readOnFailure(input, previous),
  };
  check(configuration, input);
  return configuration;
}

/** A mapping as the API answers it. */
export function describeMapping(
  mapping: MappingConfiguration,
  functionArn: string,
  region: string,
): JsonObject {
  const account = functionArn.split(':')[4] ?? '';
  const common = {
    UUID: mapping.uuid,
    EventSourceMappingArn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${mapping.uuid}`,
    EventSourceArn: mapping.sourceArn,
    FunctionArn: functionArn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: mapping.lastModified / 1000,
    ...(mapping.filters.length === 0
      ? {}
      : { FilterCriteria: { Filters: mapping.filters.map((Pattern) => ({ Pattern })) } }),
  };
  if (mapping.source === 'sqs') {
    if (mapping.maximumConcurrency === undefined) return common;
    return { ...common, ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } };
  }
  return {
    ...common,
    StartingPosition: mapping.startingPosition,
    BisectBatchOnFunctionError: mapping.bisects,
    MaximumRetryAttempts: mapping.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: mapping.maximumRecordAgeSeconds,
    ParallelizationFactor: mapping.parallelizationFactor,
    TumblingWindowInSeconds: 0,
    DestinationConfig: {
      OnFailure: mapping.onFailureArn === undefined ? {} : { Destination: mapping.onFailureArn },
    },
  };
}

function check(mapping: MappingConfiguration, input: JsonObject): void {
  if (mapping.source === 'sqs') {
    if (mapping.batchSize > WINDOWLESS_BATCH_MAX && mapping.windowSeconds < 1) {
      throw new AwsError(
        CODE,
        'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
      );
    }
    const streamOnly = [
      'StartingPosition',
      'BisectBatchOnFunctionError',
      'MaximumRetryAttempts',
      'MaximumRecordAgeInSeconds',
      'ParallelizationFactor',
    ].find((name) => input[name] !== undefined && input[name] !== null && input[name] !== false);
    if (streamOnly !== undefined)
      throw new AwsError(CODE, `Unsupported parameter for SQS event source: ${streamOnly}`);
    if (mapping.onFailureArn !== undefined) {
      throw new AwsError(CODE, 'Unsupported DestinationConfig parameter for SQS event source.');
    }
    return;
  }
  if (mapping.maximumConcurrency !== undefined) {
    throw new AwsError(CODE, 'Unsupported ScalingConfig parameter for a stream event source.');
  }
  const age = mapping.maximumRecordAgeSeconds;
  if (age !== -1 && age < RECORD_AGE_LEAST_SECONDS) {
    throw new AwsError(CODE, 'MaximumRecordAgeInSeconds must be -1, or from 60 to 604800.');
  }
}

function sourceOf(arn: string): 'sqs' | 'dynamodb' {
  const service = arn.split(':')[2];
  if (service === 'sqs') return 'sqs';
  if (service === 'dynamodb' && arn.includes('/stream/')) return 'dynamodb';
  throw new AwsError(CODE, `Unrecognized event source: ${arn}. Queues and DynamoDB streams are run here.`);
}

function readFilters(input: JsonObject, previous: MappingConfiguration | undefined): readonly string[] {
  const criteria = input['FilterCriteria'];
  if (criteria === undefined || criteria === null) return previous?.filters ?? [];
  const filters = isObject(criteria) ? objects(criteria['Filters']) : [];
  return texts(filters.map((filter) => filter['Pattern'] ?? ''));
}

function readConcurrency(input: JsonObject, previous: MappingConfiguration | undefined): number | undefined {
  const scaling = input['ScalingConfig'];
  if (!isObject(scaling)) return previous?.maximumConcurrency;
  return optionalInteger(scaling, 'MaximumConcurrency', CONCURRENCY, CODE);
}

function readOnFailure(input: JsonObject, previous: MappingConfiguration | undefined): string | undefined {
  const destinations = input['DestinationConfig'];
  if (!isObject(destinations)) return previous?.onFailureArn;
  const onFailure = destinations['OnFailure'];
  return isObject(onFailure) ? optionalText(onFailure, 'Destination', CODE) : undefined;
}

function startingPosition(
  input: JsonObject,
  source: 'sqs' | 'dynamodb',
): MappingConfiguration['startingPosition'] {
  if (source === 'sqs') return 'TRIM_HORIZON';
  const position = requiredText(input, 'StartingPosition', CODE);
  if (position === 'LATEST' || position === 'TRIM_HORIZON') return position;
  throw new AwsError(CODE, `Unsupported starting position for event source type DynamoDB: ${position}.`);
}

function startingTimestamp(input: JsonObject): number | undefined {
  const value = input['StartingPositionTimestamp'];
  if (value === undefined || value === null) return undefined;
  throw new AwsError(CODE, 'StartingPositionTimestamp is not valid for DynamoDB streams.');
}
