import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { optionalInteger, optionalText, requiredText } from '../sqs/members.ts';
import { DEFAULT_GROUP, describeSchedule, readSchedule, type Schedule } from './schedule.ts';
import { ScheduleDeliveries } from './schedule-deliveries.ts';
import { scheduleTimes } from './schedule-expression.ts';
import { schedulerResourceTypes } from './scheduler-resources.ts';

const CODE = 'ValidationException';
/** Timers of Node hold 24 days at most; a longer wait is looked at again every day. */
const TIMER_MAX_MS = 86_400_000;
const LISTED_MAX = 100;

interface Row {
  readonly key: string;
  readonly content: string;
  readonly next_at: number | null;
}

type Operation = (input: JsonObject) => JsonObject;

/** EventBridge Scheduler: schedules in UTC, for functions, queues, state machines, buses and topics. */
export class SchedulerService implements LocalService {
  readonly name = 'scheduler';
  readonly resourceTypes: readonly ResourceType[];
  readonly #context: ServiceContext;
  readonly #deliveries: ScheduleDeliveries;
  readonly #timers = new Map<string, () => void>();
  readonly #operations: Readonly<Record<string, Operation>>;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#deliveries = new ScheduleDeliveries(context);
    context.store.define(`
      CREATE TABLE IF NOT EXISTS scheduler_schedules (key TEXT PRIMARY KEY, content TEXT NOT NULL, next_at INTEGER);
      CREATE TABLE IF NOT EXISTS scheduler_groups (name TEXT PRIMARY KEY);`);
    this.#operations = {
      CreateSchedule: (input) => this.#create(input),
      UpdateSchedule: (input) => this.#update(input),
      GetSchedule: (input) => describeSchedule(this.#get(keyOf(input))),
      DeleteSchedule: (input) => this.#delete(input),
      ListSchedules: (input) => this.#list(input),
      CreateScheduleGroup: (input) => this.#createGroup(input),
      GetScheduleGroup: (input) => this.#getGroup(requiredText(input, 'Name', CODE)),
      DeleteScheduleGroup: (input) => this.#deleteGroup(requiredText(input, 'Name', CODE)),
    };
    this.resourceTypes = schedulerResourceTypes((operation, input) => this.#run(operation, input));
  }

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    return this.#run(operation, input);
  }

  /** A time that was missed while the process was down is made up for once. */
  resume(): void {
    this.#deliveries.resume();
    for (const row of this.#rows()) this.#arm(row.key, row.next_at);
  }

  /** Invocations that are not done; schedules that will fire one day are no work. */
  outstanding(): number {
    return this.#deliveries.outstanding();
  }

  #run(operation: string, input: JsonObject): JsonObject {
    const run = this.#operations[operation];
    if (run === undefined) {
      throw new AwsError('UnknownOperationException', `The local cloud does not run scheduler:${operation}.`);
    }
    return run(input);
  }

  #create(input: JsonObject): JsonObject {
    const key = keyOf(input);
    if (this.#find(key) !== undefined) {
      throw new AwsError('ConflictException', `Schedule ${key} already exists.`, { status: 409 });
    }
    this.#getGroup(optionalText(input, 'GroupName', CODE) ?? DEFAULT_GROUP);
    const now = this.#context.runtime.now();
    return { ScheduleArn: this.#save(this.#read(input, now)).arn };
  }

  #update(input: JsonObject): JsonObject {
    const previous = this.#get(keyOf(input));
    return { ScheduleArn: this.#save(this.#read(input, previous.createdAt)).arn };
  }

  #read(input: JsonObject, createdAt: number): Schedule {
    const { account, runtime } = this.#context;
    return readSchedule(input, {
      account: account.id,
      region: account.region,
      now: runtime.now(),
      createdAt,
    });
  }

  #save(schedule: Schedule): Schedule {
    const key = `${schedule.group}/${schedule.name}`;
    const nextAt = this.#nextTime(schedule, this.#context.runtime.now() - 1);
    this.#context.store.run(
      'INSERT INTO scheduler_schedules VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET content = excluded.content, next_at = excluded.next_at',
      key,
      JSON.stringify(schedule),
      nextAt ?? null,
    );
    this.#arm(key, nextAt ?? null);
    return schedule;
  }

  #delete(input: JsonObject): JsonObject {
    this.#remove(this.#get(keyOf(input)));
    return {};
  }

  #remove(schedule: Schedule): void {
    const key = `${schedule.group}/${schedule.name}`;
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    this.#context.store.run('DELETE FROM scheduler_schedules WHERE key = ?', key);
  }

  #list(input: JsonObject): JsonObject {
    const group = optionalText(input, 'GroupName', CODE);
    const prefix = optionalText(input, 'NamePrefix', CODE) ?? '';
    const max = optionalInteger(input, 'MaxResults', { min: 1, max: LISTED_MAX }, CODE) ?? LISTED_MAX;
    const from = Number(optionalText(input, 'NextToken', CODE) ?? 0);
    const found = this.#rows()
      .map((row): Schedule => JSON.parse(row.content))
      .filter(
        (schedule) => schedule.name.startsWith(prefix) && (group === undefined || schedule.group === group),
      );
    const page = found.slice(from, from + max).map((schedule) => ({
      Arn: schedule.arn,
      Name: schedule.name,
      GroupName: schedule.group,
      State: schedule.enabled ? 'ENABLED' : 'DISABLED',
      Target: { Arn: schedule.target.arn },
    }));
    return { Schedules: page, ...(found.length > from + max ? { NextToken: String(from + max) } : {}) };
  }

  #createGroup(input: JsonObject): JsonObject {
    const name = requiredText(input, 'Name', CODE);
    this.#context.store.run('INSERT OR IGNORE INTO scheduler_groups VALUES (?)', name);
    return { ScheduleGroupArn: this.#groupArn(name) };
  }

  #getGroup(name: string): JsonObject {
    const row = this.#context.store.get('SELECT name FROM scheduler_groups WHERE name = ?', name);
    if (row === undefined && name !== DEFAULT_GROUP) {
      throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, {
        status: 404,
      });
    }
    return { Name: name, Arn: this.#groupArn(name), State: 'ACTIVE' };
  }

  #deleteGroup(name: string): JsonObject {
    this.#getGroup(name);
    for (const row of this.#rows()) {
      const schedule: Schedule = JSON.parse(row.content);
      if (schedule.group === name) this.#remove(schedule);
    }
    this.#context.store.run('DELETE FROM scheduler_groups WHERE name = ?', name);
    return {};
  }

  #groupArn(name: string): string {
    return `arn:aws:scheduler:${this.#context.account.region}:${this.#context.account.id}:schedule-group/${name}`;
  }

  #arm(key: string, nextAt: number | null): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    if (nextAt === null) return;
    const { runtime } = this.#context;
    const delayMs = Math.min(TIMER_MAX_MS, Math.max(0, nextAt - runtime.now()));
    const run = (): void => this.#due(key);
    const cancel = runtime.schedule({ name: `schedule:${key}`, delayMs, recurs: true, run });
    this.#timers.set(key, cancel);
  }

  #due(key: string): void {
    this.#timers.delete(key);
    const row = this.#find(key);
    if (row === undefined || row.next_at === null) return;
    const now = this.#context.runtime.now();
    if (row.next_at > now) {
      this.#arm(key, row.next_at);
      return;
    }
    const schedule: Schedule = JSON.parse(row.content);
    const nextAt = this.#nextTime(schedule, now) ?? null;
    this.#context.store.atomically(() => {
      this.#deliveries.begin(schedule, row.next_at ?? now);
      this.#context.store.run('UPDATE scheduler_schedules SET next_at = ? WHERE key = ?', nextAt, key);
    });
    this.#context.bill('scheduler:invocations', 1);
    if (nextAt === null && schedule.deletesAfterCompletion) this.#remove(schedule);
    else this.#arm(key, nextAt);
  }

  #nextTime(schedule: Schedule, after: number): number | undefined {
    if (!schedule.enabled) return undefined;
    const times = scheduleTimes(schedule.expression, schedule.startsAt);
    const next = times.next(after);
    return next === undefined || next > (schedule.endsAt ?? next) ? undefined : next;
  }

  #get(key: string): Schedule {
    const row = this.#find(key);
    if (row !== undefined) return JSON.parse(row.content);
    throw new AwsError('ResourceNotFoundException', `Schedule ${key} does not exist.`, { status: 404 });
  }

  #find(key: string): Row | undefined {
    return this.#context.store.get<Row>('SELECT * FROM scheduler_schedules WHERE key = ?', key);
  }

  #rows(): Row[] {
    return this.#context.store.all<Row>('SELECT * FROM scheduler_schedules ORDER BY key');
  }
}

function keyOf(input: JsonObject): string {
  const group =
    optionalText(input, 'GroupName', CODE) ?? optionalText(input, 'groupName', CODE) ?? DEFAULT_GROUP;
  return `${group}/${requiredText(input, 'Name', CODE)}`;
}
