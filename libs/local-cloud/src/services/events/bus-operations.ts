import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { compilePattern } from '../../event-pattern/compile-pattern.ts';
import { type Bus, type BusDirectory, DEFAULT_BUS } from './bus-directory.ts';
import { isObject, optionalText, present, requiredText, validationError } from './request-member.ts';

/** The members of an event that TestEventPattern wants to see. */
const EVENT_MEMBERS = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

/** Creates, describes and deletes event buses. */
export class BusOperations {
  readonly #directory: BusDirectory;

  constructor(directory: BusDirectory) {
    this.#directory = directory;
  }

  create(input: JsonObject): JsonObject {
    const name = requiredText(input, 'Name');
    if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name)) throw validationError(`Event bus name ${name} is not valid.`);
    if (this.#directory.findBus(name) !== undefined) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    const { Name, Description, KmsKeyIdentifier, DeadLetterConfig } = input;
    const bus = this.#directory.putBus(present({ Name, Description, KmsKeyIdentifier, DeadLetterConfig }));
    return { EventBusArn: bus.arn };
  }

  /** Changes what a bus says of itself; a member that is missing stays. */
  update(input: JsonObject): JsonObject {
    const bus = this.#directory.bus(requiredText(input, 'Name'));
    const { Description = null, Policy = null } = { ...bus.definition, ...input };
    this.#directory.putBus(present({ ...bus.definition, Name: bus.name, Description, Policy }));
    return this.describe({ Name: bus.name });
  }

  describe(input: JsonObject): JsonObject {
    return this.#describe(this.#directory.bus(optionalText(input, 'Name')));
  }

  list(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'NamePrefix') ?? '';
    const buses = [...this.#directory.buses].filter((bus) => bus.name.startsWith(prefix));
    return { EventBuses: buses.map((bus) => this.#describe(bus)) };
  }

  delete(input: JsonObject): JsonObject {
    const name = requiredText(input, 'Name');
    if (name === DEFAULT_BUS) throw validationError('Cannot delete event bus default.');
    const bus = this.#directory.findBus(name);
    if (bus === undefined) return {};
    if (bus.rules.size > 0 || bus.archives.size > 0) {
      throw validationError("Event bus can't be deleted since it has rules.");
    }
    this.#directory.removeBus(bus);
    return {};
  }

  testPattern(input: JsonObject): JsonObject {
    const pattern = compilePattern(requiredText(input, 'EventPattern'), 'bus');
    return { Result: pattern.matches(testedEvent(requiredText(input, 'Event'))) };
  }

  #describe(bus: Bus): JsonObject {
    const { Description, Policy } = bus.definition;
    return present({ Name: bus.name, Arn: bus.arn, Description, Policy });
  }
}

function testedEvent(text: string): JsonObject {
  let event: JsonValue;
  try {
    event = JSON.parse(text) as JsonValue;
  } catch {
    throw validationError('Parameter Event is not valid.');
  }
  if (!isObject(event) || EVENT_MEMBERS.some((member) => event[member] === undefined)) {
    throw validationError('Parameter Event is not valid.');
  }
  return event;
}
