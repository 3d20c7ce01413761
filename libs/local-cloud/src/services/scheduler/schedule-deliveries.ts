import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import type { Schedule } from './schedule.ts';

/** Between attempts: AWS says exponential back-off and no figures. */
const RETRY_DELAY_MIN_MS = 1000;
const RETRY_DELAY_MAX_MS = 300_000;
const EXECUTION_ID_LENGTH = 16;
/** What stands for the digits of a UUID in it: sixteen hexadecimal digits may read as a card number. */
const LETTERS = 'ghijklmnop';

interface DeliveryRow {
  readonly id: string;
  readonly schedule: string;
  readonly scheduled_at: number;
  readonly begun_at: number;
  readonly attempts: number;
  readonly next_at: number;
}

/** Invocations of targets that were begun and are not done: kept until they succeed or are given up. */
export class ScheduleDeliveries {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.define(`CREATE TABLE IF NOT EXISTS scheduler_deliveries (
      id TEXT PRIMARY KEY, schedule TEXT NOT NULL, scheduled_at INTEGER NOT NULL, begun_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL, next_at INTEGER NOT NULL)`);
  }

  /** Begins to invoke a schedule's target, after a random part of its window. At least once. */
  begin(schedule: Schedule, scheduledAt: number): void {
    const { runtime, faults, store } = this.#context;
    for (let delivery = faults.deliveries(); delivery > 0; delivery -= 1) {
      const id = executionIdOf(runtime.uuid());
      const delayMs = Math.floor(runtime.random() * schedule.windowMinutes * 60_000) + faults.delayMs();
      const at = runtime.now() + delayMs;
      store.run(
        'INSERT INTO scheduler_deliveries VALUES (?, ?, ?, ?, 0, ?)',
        id,
        JSON.stringify(schedule),
        scheduledAt,
        at,
        at,
      );
      this.#schedule(id, delayMs);
    }
  }

  /** How many are not done. */
  outstanding(): number {
    return this.#context.store.get<{ n: number }>('SELECT COUNT(*) AS n FROM scheduler_deliveries')?.n ?? 0;
  }

  resume(): void {
    const now = this.#context.runtime.now();
    const rows = this.#context.store.all<DeliveryRow>('SELECT * FROM scheduler_deliveries ORDER BY rowid');
    for (const row of rows) this.#schedule(row.id, Math.max(0, row.next_at - now));
  }

  #schedule(id: string, delayMs: number): void {
    this.#context.runtime.schedule({ name: 'scheduler-delivery', delayMs, run: () => this.#attempt(id) });
  }

  async #attempt(id: string): Promise<void> {
    const { store, runtime } = this.#context;
    const row = store.get<DeliveryRow>('SELECT * FROM scheduler_deliveries WHERE id = ?', id);
    if (row === undefined) return;
    const schedule: Schedule = JSON.parse(row.schedule);
    try {
      await this.#invoke(schedule, row);
      store.run('DELETE FROM scheduler_deliveries WHERE id = ?', id);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const delayMs = Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_MIN_MS * 2 ** row.attempts);
      const exhausted = exhaustedCondition(schedule, row, runtime.now() + delayMs);
      if (!isRetryable(error) || exhausted !== undefined) {
        await this.#giveUp(schedule, row, error, exhausted);
        store.run('DELETE FROM scheduler_deliveries WHERE id = ?', id);
        return;
      }
      store.run(
        'UPDATE scheduler_deliveries SET attempts = attempts + 1, next_at = ? WHERE id = ?',
        runtime.now() + delayMs,
        id,
      );
      this.#schedule(id, delayMs);
    }
  }

  async #invoke(schedule: Schedule, row: DeliveryRow): Promise<void> {
    const { target } = schedule;
    const { call } = this.#context;
    const caller: Principal = { kind: 'role', arn: target.roleArn };
    const input = this.#input(schedule, row);
    switch (target.arn.split(':')[2]) {
      case 'lambda':
        await call(
          'lambda',
          'Invoke',
          { FunctionName: target.arn, InvocationType: 'Event', Payload: input },
          caller,
        );
        return;
      case 'sqs':
        await call('sqs', 'SendMessage', { QueueUrl: queueUrl(target.arn), MessageBody: input }, caller);
        return;
      case 'states':
        await call('states', 'StartExecution', { stateMachineArn: target.arn, input }, caller);
        return;
      case 'sns':
        await call('sns', 'Publish', { TopicArn: target.arn, Message: input }, caller);
        return;
      default:
        await this.#putEvent(schedule, input, caller);
    }
  }

  async #putEvent(schedule: Schedule, input: string, caller: Principal): Promise<void> {
    const { target } = schedule;
    const entry = {
      EventBusName: target.arn,
      Source: target.source ?? '',
      DetailType: target.detailType ?? '',
      Detail: input,
      Resources: [schedule.arn],
    };
    const answer = await this.#context.call('events', 'PutEvents', { Entries: [entry] }, caller);
    if (Number(answer['FailedEntryCount'] ?? 0) === 0) return;
    throw new AwsError(
      'InternalException',
      `The event was not accepted: ${JSON.stringify(answer['Entries'])}`,
      {
        status: 500,
      },
    );
  }

  /** The target's input with its context attributes, or the event that a target without input gets. */
  #input(schedule: Schedule, row: DeliveryRow): string {
    const time = isoSeconds(row.scheduled_at);
    const { account } = this.#context;
    const input = schedule.target.input;
    if (input !== undefined) {
      return input
        .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
        .replaceAll('<aws.scheduler.scheduled-time>', time)
        .replaceAll('<aws.scheduler.execution-id>', row.id)
        .replaceAll('<aws.scheduler.attempt-number>', String(row.attempts + 1));
    }
    return JSON.stringify({
      version: '0',
      id: row.id,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: account.id,
      time,
      region: account.region,
      resources: [schedule.arn],
      detail: '{}',
    });
  }

  async #giveUp(
    schedule: Schedule,
    row: DeliveryRow,
    error: AwsError,
    exhausted: string | undefined,
  ): Promise<void> {
    const { target } = schedule;
    const reason = `${error.code}: ${error.message}`;
    if (target.deadLetterArn === undefined) {
      this.#context.warn(`The schedule ${schedule.arn} could not invoke ${target.arn}: ${reason}`);
      return;
    }
    const attributes: Record<string, string> = {
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message,
      EXECUTION_ID: row.id,
      ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(row.attempts),
      SCHEDULED_TIME: isoSeconds(row.scheduled_at),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: target.arn,
    };
    const message: JsonObject = {
      QueueUrl: queueUrl(target.deadLetterArn),
      MessageBody: this.#input(schedule, row),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
      ),
    };
    try {
      await this.#context.call('sqs', 'SendMessage', message, { kind: 'role', arn: target.roleArn });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      this.#context.warn(`The schedule ${schedule.arn} lost an invocation (${reason}): ${cause.message}`);
    }
  }
}

/** A target that is missing or refuses the caller is not tried again; one that is busy or broken is. */
function isRetryable(error: AwsError): boolean {
  return error.status >= 500 || error.status === 429 || /Throttl|TooManyRequests/.test(error.code);
}

function exhaustedCondition(schedule: Schedule, row: DeliveryRow, nextAt: number): string | undefined {
  const { maximumRetryAttempts, maximumEventAgeSeconds } = schedule.target;
  if (row.attempts >= maximumRetryAttempts) return 'MaximumRetryAttempts';
  return nextAt > row.begun_at + maximumEventAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function queueUrl(arn: string): string {
  const [, , , region, account, name] = arn.split(':');
  return `http://sqs.${region}.localhost/${account}/${name}`;
}

function executionIdOf(uuid: string): string {
  const digits = uuid.replaceAll('-', '').slice(0, EXECUTION_ID_LENGTH);
  return digits.replace(/\d/g, (digit) => LETTERS.charAt(Number(digit)));
}
