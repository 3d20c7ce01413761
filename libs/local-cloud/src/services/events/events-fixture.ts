// The events service with a bus, a rule and a queue, for its tests.
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Faults } from '../../core/faults.ts';
import type { CallService, Principal } from '../../core/service.ts';
import type { Store } from '../../core/store.ts';
import { EventsService } from './events-service.ts';
import { type FakeCloud, FakeFunctions, FakeQueues, fakeCloud, STARTED_AT } from './fake-neighbours.ts';

export const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:work';
export const DLQ = 'arn:aws:sqs:eu-west-1:111111111111:dead';
export const RULE_ARN = 'arn:aws:events:eu-west-1:111111111111:rule/payments/r';
export const DAY_MS = 86_400_000;
export const LATER = STARTED_AT + 30 * DAY_MS;

export interface Setup extends FakeCloud {
  readonly events: EventsService;
  readonly queues: FakeQueues;
  readonly functions: FakeFunctions;
  readonly authorized: [Principal, string, string][];
  readonly denied: Set<string>;
}

export function setup(
  options: {
    faults?: Partial<Faults>;
    store?: Store;
    queues?: FakeQueues;
    call?: CallService;
    startsAt?: number;
    seed?: number;
  } = {},
): Setup {
  const cloud = fakeCloud(options);
  const queues = options.queues ?? new FakeQueues(QUEUE, DLQ);
  const functions = new FakeFunctions();
  const authorized: [Principal, string, string][] = [];
  const denied = new Set<string>();
  const events = new EventsService(cloud.context, {
    queues,
    functions,
    authorize: (caller, action, resource) => {
      authorized.push([caller, action, resource]);
      if (denied.has(resource)) throw new AwsError('AccessDeniedException', `no ${action}`, { status: 403 });
    },
  });
  events.resume();
  return { ...cloud, events, queues, functions, authorized, denied };
}

export function withRule(target: JsonObject = {}, options: Parameters<typeof setup>[0] = {}): Setup {
  const made = setup(options);
  made.events.call('CreateEventBus', { Name: 'payments' });
  made.events.call('PutRule', {
    Name: 'r',
    EventBusName: 'payments',
    EventPattern: '{"source":["payments.dedup"],"detail-type":["TransactionAuthorized"]}',
  });
  made.events.call('PutTargets', {
    Rule: 'r',
    EventBusName: 'payments',
    Targets: [{ Id: 't', Arn: QUEUE, DeadLetterConfig: { Arn: DLQ }, ...target }],
  });
  return made;
}

export function entry(n = 1, more: JsonObject = {}): JsonObject {
  return {
    EventBusName: 'payments',
    Source: 'payments.dedup',
    DetailType: 'TransactionAuthorized',
    Detail: JSON.stringify({ n }),
    ...more,
  };
}

export const put = (events: EventsService, ...entries: JsonObject[]): JsonObject =>
  events.call('PutEvents', { Entries: entries });
