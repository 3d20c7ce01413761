import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { DataSourceType, ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { ArchiveOperations } from './archive-operations.ts';
import { ArchivedEvents } from './archived-events.ts';
import { type Bus, BusDirectory } from './bus-directory.ts';
import type { BusEvent } from './bus-event.ts';
import { BusOperations } from './bus-operations.ts';
import { Deliveries } from './deliveries.ts';
import { eventsDataSources, eventsResourceTypes } from './event-resources.ts';
import { putEvents } from './put-events.ts';
import { Replays } from './replays.ts';
import { RuleOperations } from './rule-operations.ts';
import { type EventTargets, TargetCaller } from './target-caller.ts';

type Operation = (input: JsonObject) => JsonObject;

/**
 * EventBridge: buses, rules with their targets, archives and replays. An event that PutEvents takes is in its
 * queues before the call answers when nothing stands in the way; what cannot be delivered at once is kept in
 * the store and tried again.
 */
export class EventsService implements LocalService {
  readonly name = 'events';
  readonly resourceTypes: readonly ResourceType[];
  readonly dataSources: readonly DataSourceType[];
  readonly #directory: BusDirectory;
  readonly #archived: ArchivedEvents;
  readonly #deliveries: Deliveries;
  readonly #replays: Replays;
  readonly #operations: ReadonlyMap<string, Operation>;

  /** @param targets queues and functions, and the check of permissions for the former */
  constructor(context: ServiceContext, targets: EventTargets) {
    this.#directory = new BusDirectory(context.store, context.account);
    this.#archived = new ArchivedEvents(context);
    const caller = new TargetCaller(context, targets, (busArn, event) => {
      this.#take(this.#directory.bus(busArn), { ...event, hops: event.hops + 1 });
    });
    this.#deliveries = new Deliveries(context, this.#directory, caller);
    this.#replays = new Replays(context, this.#directory, this.#archived, (bus, event, ruleArns) =>
      this.#route(bus, event, ruleArns),
    );
    const buses = new BusOperations(this.#directory);
    const rules = new RuleOperations(this.#directory);
    const archives = new ArchiveOperations(this.#directory, this.#archived, context.runtime);
    this.#operations = new Map<string, Operation>([
      [
        'PutEvents',
        (input) => putEvents(input, context, this.#directory, (bus, event) => this.#take(bus, event)),
      ],
      ['CreateEventBus', (input) => buses.create(input)],
      ['UpdateEventBus', (input) => buses.update(input)],
      ['DescribeEventBus', (input) => buses.describe(input)],
      ['DeleteEventBus', (input) => buses.delete(input)],
      ['ListEventBuses', (input) => buses.list(input)],
      ['TestEventPattern', (input) => buses.testPattern(input)],
      ['PutRule', (input) => rules.put(input)],
      ['DescribeRule', (input) => rules.describe(input)],
      ['ListRules', (input) => rules.list(input)],
      ['DeleteRule', (input) => rules.delete(input)],
      ['EnableRule', (input) => rules.setState(input, 'ENABLED')],
      ['DisableRule', (input) => rules.setState(input, 'DISABLED')],
      ['PutTargets', (input) => rules.putTargets(input)],
      ['ListTargetsByRule', (input) => rules.listTargets(input)],
      ['RemoveTargets', (input) => rules.removeTargets(input)],
      ['CreateArchive', (input) => archives.create(input)],
      ['UpdateArchive', (input) => archives.update(input)],
      ['DescribeArchive', (input) => archives.describe(input)],
      ['DeleteArchive', (input) => archives.delete(input)],
      ['ListArchives', (input) => archives.list(input)],
      ['StartReplay', (input) => this.#replays.start(input)],
      ['DescribeReplay', (input) => this.#replays.describe(input)],
      ['ListReplays', (input) => this.#replays.list(input)],
      ['CancelReplay', (input) => this.#replays.cancel(input)],
    ]);
    const run = (operation: string, input: JsonObject): JsonObject => this.call(operation, input);
    this.resourceTypes = eventsResourceTypes(run);
    this.dataSources = eventsDataSources(run);
  }

  call(operation: string, input: JsonObject): JsonObject {
    const run = this.#operations.get(operation);
    if (run === undefined) {
      throw new AwsError('UnknownOperationException', `The local cloud does not run events:${operation}.`);
    }
    return run(input);
  }

  /** The resource policy of a bus, as JSON text. */
  busPolicy(busArn: string): string | undefined {
    const policy = this.#directory.findBus(busArn)?.definition['Policy'];
    return typeof policy === 'string' ? policy : undefined;
  }

  resume(): void {
    this.#deliveries.resume();
    this.#replays.resume();
  }

  outstanding(): number {
    return this.#deliveries.waiting + this.#replays.running;
  }

  #take(bus: Bus, event: BusEvent): void {
    this.#archived.keep(bus, event);
    this.#route(bus, event, []);
  }

  #route(bus: Bus, event: BusEvent, ruleArns: readonly string[]): void {
    for (const rule of this.#directory.matching(bus, event)) {
      if (ruleArns.length === 0 || ruleArns.includes(rule.arn)) this.#deliveries.deliver(event, rule);
    }
  }
}
