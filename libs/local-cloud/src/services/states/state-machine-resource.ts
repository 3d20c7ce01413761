import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../../core/resource.ts';
import { isList, isObject } from './asl/json.ts';
import type { StateMachine, StateMachineSettings, StateMachines } from './state-machines.ts';

/** `aws_sfn_state_machine`. A change of name or type makes the machine anew, as Terraform would. */
export function stateMachineResource(
  machines: StateMachines,
  remove: (machine: StateMachine) => void,
): ResourceType {
  const removeIfThere = (arn: JsonValue | undefined): void => {
    const machine = machines.all().find((known) => known.arn === arn);
    if (machine !== undefined) remove(machine);
  };
  const create = (args: JsonObject): JsonObject => attributes(machines.create(settings(args)), args);
  return {
    type: 'aws_sfn_state_machine',
    runs: ['name', 'type', 'definition', 'role_arn', 'logging_configuration'],
    accepts: {
      tracing_configuration: 'there is no X-Ray here',
      encryption_configuration:
        'the store of the local cloud is one file, encrypted by its disk or not at all',
      publish: 'versions are not kept: an execution runs the definition of its machine',
      tags: 'tags change nothing',
      tags_all: 'tags change nothing',
      timeouts: 'everything is made at once',
    },
    create,
    update(args, previous) {
      const wanted = settings(args);
      const { name, type } = previous.arguments;
      if (name !== wanted.name || (type ?? 'STANDARD') !== wanted.type) {
        removeIfThere(previous.attributes['arn']);
        return create(args);
      }
      const arn = text(previous.attributes, 'arn');
      const { text: definition, roleArn, logging } = wanted;
      return attributes(machines.update(arn, { text: definition, roleArn, logging }), args);
    },
    destroy(state: ResourceState) {
      removeIfThere(state.attributes['arn']);
    },
  };
}

function settings(args: JsonObject): StateMachineSettings {
  const type = args['type'] ?? 'STANDARD';
  if (type !== 'STANDARD' && type !== 'EXPRESS')
    throw new AwsError('ValidationException', 'type is not known');
  const logging = oneBlock(args['logging_configuration']);
  return {
    name: text(args, 'name'),
    type,
    roleArn: text(args, 'role_arn'),
    text: text(args, 'definition'),
    logging: logging === undefined ? {} : { level: logging['level'] ?? 'OFF' },
  };
}

function attributes(machine: StateMachine, args: JsonObject): JsonObject {
  return {
    ...args,
    id: machine.arn,
    arn: machine.arn,
    name: machine.name,
    type: machine.type,
    status: 'ACTIVE',
    creation_date: new Date(machine.createdAt).toISOString(),
    revision_id: machine.revisionId,
  };
}

/** A block that may stand once: Terraform writes it as an object or as a list of one. */
function oneBlock(value: JsonValue | undefined): JsonObject | undefined {
  const block = isList(value) ? value[0] : value;
  return isObject(block) ? block : undefined;
}

function text(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('ValidationException', `${name} must be a string`);
}
