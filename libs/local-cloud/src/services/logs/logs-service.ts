import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { objects, optionalInteger, optionalText, requiredText, texts } from '../sqs/members.ts';
import { compileFilter } from './filter-pattern.ts';
import { type LogEvent, LogStore } from './log-store.ts';
import { logsResources, ResourcePolicies } from './logs-resources.ts';

const EVENTS_LIMIT = { min: 1, max: 10_000 };
const TIME = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** Hears of every line that is logged. */
export type LogListener = (group: string, message: string) => void;

/** CloudWatch Logs: groups from Terraform, the newest lines of each in the store. */
export class LogsService implements LocalService {
  readonly name = 'logs';
  readonly resourceTypes: readonly ResourceType[];
  readonly #context: ServiceContext;
  readonly #logs: LogStore;
  readonly #policies: ResourcePolicies;
  readonly #listeners: LogListener[] = [];

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#logs = new LogStore(context.runtime, context.store);
    this.#policies = new ResourcePolicies(context.store);
    this.resourceTypes = logsResources(context.account, this.#logs, this.#policies);
  }

  call(operation: string, input: JsonObject): JsonObject {
    switch (operation) {
      case 'CreateLogGroup':
        return this.#createGroup(requiredText(input, 'logGroupName'));
      case 'CreateLogStream':
        return this.#createStream(input);
      case 'PutLogEvents':
        return this.#putEvents(input);
      case 'FilterLogEvents':
        return this.#filterEvents(input);
      case 'GetLogEvents':
        return this.#getEvents(input);
      case 'DescribeLogGroups':
        return this.#describeGroups(input);
      case 'DescribeLogStreams':
        return this.#describeStreams(input);
      default:
        throw new AwsError('UnknownOperationException', `The local cloud does not run logs:${operation}.`);
    }
  }

  /** Writes a line on behalf of a function or another service; the group need not have been made. */
  write(group: string, stream: string, message: string): void {
    if (this.#logs.addStream(group, stream) && this.#logs.findGroup(group) === undefined) {
      this.#logs.putGroup(group, undefined);
    }
    this.#append(group, stream, this.#context.runtime.now(), message);
  }

  /** Calls a listener with every line from now on. */
  onLine(listener: LogListener): void {
    this.#listeners.push(listener);
  }

  /** The resource policies of the account's logs, as one document. */
  policyOf(): string | undefined {
    return this.#policies.combined();
  }

  resume(): void {}

  outstanding(): number {
    return 0;
  }

  #createGroup(name: string): JsonObject {
    if (this.#logs.findGroup(name) !== undefined) throw exists('log group');
    this.#logs.putGroup(name, undefined);
    return {};
  }

  #createStream(input: JsonObject): JsonObject {
    const group = this.#groupOf(input);
    if (!this.#logs.addStream(group, requiredText(input, 'logStreamName'))) throw exists('log stream');
    return {};
  }

  #putEvents(input: JsonObject): JsonObject {
    const group = this.#groupOf(input);
    const stream = requiredText(input, 'logStreamName');
    if (!this.#logs.hasStream(group, stream)) throw missing('log stream');
    for (const event of objects(input['logEvents'])) {
      const timestamp = optionalInteger(event, 'timestamp', TIME) ?? this.#context.runtime.now();
      this.#append(group, stream, timestamp, requiredText(event, 'message'));
    }
    return {};
  }

  #filterEvents(input: JsonObject): JsonObject {
    const group = this.#groupOf(input);
    const matches = compileFilter(optionalText(input, 'filterPattern') ?? '');
    const streams = texts(input['logStreamNames']);
    const limit = optionalInteger(input, 'limit', EVENTS_LIMIT) ?? EVENTS_LIMIT.max;
    const page = this.#logs.find({
      group,
      from: optionalInteger(input, 'startTime', TIME),
      to: optionalInteger(input, 'endTime', TIME),
      afterId: Number(optionalText(input, 'nextToken') ?? 0),
      limit: EVENTS_LIMIT.max,
    });
    const found: LogEvent[] = [];
    let next: number | undefined;
    for (const event of page) {
      if (found.length === limit) {
        next = found.at(-1)?.id;
        break;
      }
      const isWanted = streams.length === 0 || streams.includes(event.stream);
      if (isWanted && matches(event.message)) found.push(event);
    }
    if (next === undefined && page.length === EVENTS_LIMIT.max) next = page.at(-1)?.id;
    return {
      events: found.map((event) => ({
        ...forApi(event),
        eventId: String(event.id),
        logStreamName: event.stream,
      })),
      searchedLogStreams: [],
      ...(next === undefined ? {} : { nextToken: String(next) }),
    };
  }

  #getEvents(input: JsonObject): JsonObject {
    const group = this.#groupOf(input);
    const token = optionalText(input, 'nextToken') ?? 'f/0';
    const afterId = Number(token.slice(2));
    const events = this.#logs.find({
      group,
      stream: requiredText(input, 'logStreamName'),
      from: optionalInteger(input, 'startTime', TIME),
      to: optionalInteger(input, 'endTime', TIME),
      afterId,
      limit: optionalInteger(input, 'limit', EVENTS_LIMIT) ?? EVENTS_LIMIT.max,
    });
    const last = events.at(-1)?.id ?? afterId;
    return { events: events.map(forApi), nextForwardToken: `f/${last}`, nextBackwardToken: `b/${afterId}` };
  }

  #describeGroups(input: JsonObject): JsonObject {
    return {
      logGroups: this.#logs.groups(optionalText(input, 'logGroupNamePrefix') ?? '').map((group) => ({
        logGroupName: group.name,
        creationTime: group.createdAt,
        ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
      })),
    };
  }

  #describeStreams(input: JsonObject): JsonObject {
    return { logStreams: this.#logs.streams(this.#groupOf(input)).map((name) => ({ logStreamName: name })) };
  }

  #append(group: string, stream: string, timestamp: number, message: string): void {
    this.#logs.append(group, stream, timestamp, message);
    this.#context.bill('logs:bytes', Buffer.byteLength(message));
    for (const listener of this.#listeners) listener(group, message);
  }

  #groupOf(input: JsonObject): string {
    const name = requiredText(input, 'logGroupName');
    if (this.#logs.findGroup(name) === undefined) throw missing('log group');
    return name;
  }
}

function forApi(event: LogEvent): JsonObject {
  return { timestamp: event.timestamp, ingestionTime: event.timestamp, message: event.message };
}

function missing(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

function exists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}
