import type { JsonObject, JsonValue } from '../../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../../core/resource.ts';
import { block, blocks, requiredText } from '../sqs/members.ts';
import type { EventSourceMappings } from './event-source-mappings.ts';

const CODE = 'InvalidParameterValueException';

/** Terraform's arguments for members of CreateEventSourceMapping. */
const MEMBERS: Readonly<Record<string, string>> = {
  event_source_arn: 'EventSourceArn',
  function_name: 'FunctionName',
  enabled: 'Enabled',
  batch_size: 'BatchSize',
  maximum_batching_window_in_seconds: 'MaximumBatchingWindowInSeconds',
  function_response_types: 'FunctionResponseTypes',
  starting_position: 'StartingPosition',
  starting_position_timestamp: 'StartingPositionTimestamp',
  bisect_batch_on_function_error: 'BisectBatchOnFunctionError',
  maximum_retry_attempts: 'MaximumRetryAttempts',
  maximum_record_age_in_seconds: 'MaximumRecordAgeInSeconds',
  parallelization_factor: 'ParallelizationFactor',
};

/** What an update sends for arguments that are no longer there. */
const STREAM_DEFAULTS = {
  Enabled: true,
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 0,
  FunctionResponseTypes: [],
  BisectBatchOnFunctionError: false,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
  ParallelizationFactor: 1,
};
const QUEUE_DEFAULTS = {
  Enabled: true,
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  FunctionResponseTypes: [],
};

/** aws_lambda_event_source_mapping for queues and DynamoDB streams. */
export function mappingResourceType(mappings: EventSourceMappings): ResourceType {
  const create = (args: JsonObject): JsonObject => stateOf(args, mappings.create(members(args)));
  const destroy = (state: ResourceState): void =>
    mappings.remove(requiredText(state.attributes, 'uuid', CODE));
  return {
    type: 'aws_lambda_event_source_mapping',
    runs: [...Object.keys(MEMBERS), 'filter_criteria', 'scaling_config', 'destination_config'],
    accepts: {
      kms_key_arn: 'filters never leave the machine',
      metrics_config: 'there are no metrics of mappings here',
      tags: 'tags name costs and owners in an account',
    },
    create,
    update(args: JsonObject, previous: ResourceState): JsonObject {
      const uuid = requiredText(previous.attributes, 'uuid', CODE);
      const moved = ['event_source_arn', 'starting_position'].some(
        (name) => args[name] !== previous.arguments[name],
      );
      if (moved || !mappings.has(uuid)) {
        mappings.remove(uuid);
        return create(args);
      }
      const defaults = String(args['event_source_arn']).startsWith('arn:aws:sqs:')
        ? QUEUE_DEFAULTS
        : STREAM_DEFAULTS;
      const { StartingPosition: _, ...given } = members(args);
      const cleared = { FilterCriteria: {}, ScalingConfig: {}, DestinationConfig: {} };
      return stateOf(args, mappings.update({ ...defaults, ...cleared, ...given, UUID: uuid }));
    },
    destroy,
  };
}

function members(args: JsonObject): Record<string, JsonValue> {
  const input: Record<string, JsonValue> = {};
  for (const [argument, member] of Object.entries(MEMBERS)) {
    const value = args[argument];
    if (value !== undefined && value !== null) input[member] = value;
  }
  const filters = blocks(block(args, 'filter_criteria') ?? {}, 'filter');
  if (filters.length > 0) {
    input['FilterCriteria'] = { Filters: filters.map((filter) => ({ Pattern: filter['pattern'] ?? '' })) };
  }
  const concurrency = block(args, 'scaling_config')?.['maximum_concurrency'];
  if (concurrency !== undefined) input['ScalingConfig'] = { MaximumConcurrency: concurrency };
  const onFailure = block(block(args, 'destination_config') ?? {}, 'on_failure')?.['destination_arn'];
  if (onFailure !== undefined) input['DestinationConfig'] = { OnFailure: { Destination: onFailure } };
  return input;
}

function stateOf(args: JsonObject, mapping: JsonObject): JsonObject {
  return {
    ...args,
    id: mapping['UUID'],
    uuid: mapping['UUID'],
    arn: mapping['EventSourceMappingArn'],
    function_arn: mapping['FunctionArn'],
    state: mapping['State'],
  };
}
