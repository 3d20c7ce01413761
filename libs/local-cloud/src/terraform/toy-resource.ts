import type { JsonObject } from '../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../core/resource.ts';

/** For tests of the deployer: a resource type that keeps a journal of what was done to it. */
export class ToyResource implements ResourceType {
  readonly type: string;
  readonly runs = ['name', 'text', 'policy', 'filename', 'settings.level', 'settings.target'];
  readonly accepts = { tags: 'Nobody bills one machine by tags.' };
  readonly journal: string[];
  /** Names that cannot be made. */
  readonly broken = new Set<string>();

  constructor(type: string, journal: string[]) {
    this.type = type;
    this.journal = journal;
  }

  create(args: JsonObject): JsonObject {
    const name = String(args['name']);
    if (this.broken.has(name)) throw new Error(`${name} is broken`);
    this.journal.push(`create ${name}`);
    return { id: name, arn: `arn:toy:${name}`, nested: [{ arn: `arn:nested:${name}` }] };
  }

  update(args: JsonObject, previous: ResourceState): JsonObject {
    this.journal.push(`update ${String(args['name'])}`);
    return previous.attributes;
  }

  destroy(state: ResourceState): void {
    this.journal.push(`destroy ${String(state.arguments['name'])}`);
  }
}
