import type { JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import { objects, optionalObject, present } from '../events/request-member.ts';

type Call = (operation: string, input: JsonObject) => JsonObject;

const RUNS = [
  'name',
  'description',
  'role_arn',
  'source',
  'target',
  'enrichment',
  'desired_state',
  'source_parameters.filter_criteria',
  'source_parameters.dynamodb_stream_parameters.batch_size',
  'source_parameters.dynamodb_stream_parameters.dead_letter_config',
  'source_parameters.dynamodb_stream_parameters.maximum_batching_window_in_seconds',
  'source_parameters.dynamodb_stream_parameters.maximum_record_age_in_seconds',
  'source_parameters.dynamodb_stream_parameters.maximum_retry_attempts',
  'source_parameters.dynamodb_stream_parameters.on_partial_batch_item_failure',
  'source_parameters.dynamodb_stream_parameters.starting_position',
  'source_parameters.sqs_queue_parameters.batch_size',
  'source_parameters.sqs_queue_parameters.maximum_batching_window_in_seconds',
  'enrichment_parameters.input_template',
  'target_parameters.input_template',
  'target_parameters.eventbridge_event_bus_parameters.detail_type',
  'target_parameters.eventbridge_event_bus_parameters.resources',
  'target_parameters.eventbridge_event_bus_parameters.source',
  'target_parameters.eventbridge_event_bus_parameters.time',
  'target_parameters.lambda_function_parameters.invocation_type',
  'target_parameters.step_function_state_machine_parameters.invocation_type',
];

const ACCEPTS = {
  tags: 'tags have no effect on one machine',
  tags_all: 'tags have no effect on one machine',
  region: 'the local cloud is one region',
  log_configuration: 'the local cloud says itself when a batch fails',
  kms_key_identifier: 'a pipe is kept in the machine owner’s own file, not encrypted with a key',
  'source_parameters.dynamodb_stream_parameters.parallelization_factor':
    'a stream has one shard here, of which one batch is in flight, which keeps a stricter order than AWS',
};

/** The Terraform resource type of pipes, run through the service's own API. */
export function pipesResourceTypes(call: Call): readonly ResourceType[] {
  const attributes = (args: JsonObject, answer: JsonObject): JsonObject => ({
    ...args,
    id: args['name'],
    arn: answer['Arn'],
  });
  const destroy = (args: JsonObject): void => {
    call('DeletePipe', { Name: args['name'] });
  };
  return [
    {
      type: 'aws_pipes_pipe',
      runs: RUNS,
      accepts: ACCEPTS,
      create: (args) => attributes(args, call('CreatePipe', apiPipe(args))),
      update: (args, previous) => {
        // Terraform makes a pipe anew when its name or its source changes.
        const same = ['name', 'source'].every((key) => args[key] === previous.arguments[key]);
        if (!same) destroy(previous.attributes);
        return attributes(args, call(same ? 'UpdatePipe' : 'CreatePipe', apiPipe(args)));
      },
      destroy: (state) => destroy(state.attributes),
    },
  ];
}

function apiPipe(args: JsonObject): JsonObject {
  const source = optionalObject(args, 'source_parameters') ?? {};
  const target = optionalObject(args, 'target_parameters') ?? {};
  const filters = objects(optionalObject(source, 'filter_criteria') ?? {}, 'filter');
  return present({
    Name: args['name'],
    Description: args['description'],
    RoleArn: args['role_arn'],
    Source: args['source'],
    Target: args['target'],
    Enrichment: args['enrichment'],
    DesiredState: args['desired_state'],
    SourceParameters: present({
      FilterCriteria: { Filters: filters.map((filter) => ({ Pattern: filter['pattern'] })) },
      DynamoDBStreamParameters: apiStructure(optionalObject(source, 'dynamodb_stream_parameters')),
      SqsQueueParameters: apiStructure(optionalObject(source, 'sqs_queue_parameters')),
    }),
    EnrichmentParameters: apiStructure(optionalObject(args, 'enrichment_parameters')),
    TargetParameters: present({
      InputTemplate: target['input_template'],
      EventBridgeEventBusParameters: apiStructure(optionalObject(target, 'eventbridge_event_bus_parameters')),
      LambdaFunctionParameters: apiStructure(optionalObject(target, 'lambda_function_parameters')),
      StepFunctionStateMachineParameters: apiStructure(
        optionalObject(target, 'step_function_state_machine_parameters'),
      ),
    }),
  });
}

/** A block in the API's names: `batch_size` becomes `BatchSize`, and the blocks in it likewise. */
function apiStructure(block: JsonObject | undefined): JsonObject | undefined {
  if (block === undefined) return undefined;
  return present(
    Object.fromEntries(
      Object.entries(block).map(([name, value]) => {
        const nested = name.endsWith('_config') ? apiStructure(optionalObject(block, name)) : value;
        return [apiName(name), nested];
      }),
    ),
  );
}

function apiName(terraformName: string): string {
  return terraformName.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
