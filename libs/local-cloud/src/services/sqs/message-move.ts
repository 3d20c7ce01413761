import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { optionalInteger, optionalText, requiredText } from './members.ts';
import type { MessageStore } from './message-store.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';

/** The most messages that a task moves in a second (API reference, StartMessageMoveTask). */
const MOVED_PER_SECOND_MAX = 500;
const STEP_MS = 1000;
const LISTED_MAX = 10;

interface MoveRow {
  readonly handle: string;
  readonly source: string;
  readonly destination: string | null;
  readonly per_second: number;
  readonly status: string;
  readonly moved: number;
  readonly to_move: number;
  readonly started_at: number;
}

/** Message move tasks: take the messages of a dead-letter queue back to where they came from. */
export class MessageMoves {
  readonly #context: ServiceContext;
  readonly #registry: QueueRegistry;
  readonly #messages: MessageStore;
  readonly #wake: (queueArn: string) => void;

  constructor(
    context: ServiceContext,
    registry: QueueRegistry,
    messages: MessageStore,
    wake: (queueArn: string) => void,
  ) {
    this.#context = context;
    this.#registry = registry;
    this.#messages = messages;
    this.#wake = wake;
    context.store.define(`CREATE TABLE IF NOT EXISTS sqs_moves (
      handle TEXT PRIMARY KEY, source TEXT NOT NULL, destination TEXT, per_second INTEGER NOT NULL,
      status TEXT NOT NULL, moved INTEGER NOT NULL, to_move INTEGER NOT NULL, started_at INTEGER NOT NULL)`);
  }

  /** StartMessageMoveTask. */
  start(input: JsonObject): JsonObject {
    const source = this.#deadLetterQueue(requiredText(input, 'SourceArn'));
    const destination = optionalText(input, 'DestinationArn');
    if (destination !== undefined) this.#existing(destination);
    const running = this.#context.store.get(
      "SELECT handle FROM sqs_moves WHERE source = ? AND status = 'RUNNING'",
      source.arn,
    );
    if (running !== undefined) {
      throw new AwsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const perSecond =
      optionalInteger(input, 'MaxNumberOfMessagesPerSecond', { min: 1, max: MOVED_PER_SECOND_MAX }) ??
      MOVED_PER_SECOND_MAX;
    const handle = this.#context.runtime.uuid();
    this.#context.store.run(
      "INSERT INTO sqs_moves VALUES (?, ?, ?, ?, 'RUNNING', 0, ?, ?)",
      handle,
      source.arn,
      destination ?? null,
      perSecond,
      this.#messages.counts(source).visible,
      this.#context.runtime.now(),
    );
    this.#schedule(handle, 0);
    return { TaskHandle: handle };
  }

  /** ListMessageMoveTasks: the newest first. */
  list(input: JsonObject): JsonObject {
    const source = this.#existing(requiredText(input, 'SourceArn'));
    const max = optionalInteger(input, 'MaxResults', { min: 1, max: LISTED_MAX }) ?? 1;
    const rows = this.#context.store.all<MoveRow>(
      'SELECT * FROM sqs_moves WHERE source = ? ORDER BY started_at DESC, rowid DESC LIMIT ?',
      source.arn,
      max,
    );
    return {
      Results: rows.map((row) => ({
        ...(row.status === 'RUNNING' ? { TaskHandle: row.handle } : {}),
        Status: row.status,
        SourceArn: row.source,
        ...(row.destination === null ? {} : { DestinationArn: row.destination }),
        MaxNumberOfMessagesPerSecond: row.per_second,
        ApproximateNumberOfMessagesMoved: row.moved,
        ApproximateNumberOfMessagesToMove: row.to_move,
        StartedTimestamp: row.started_at,
      })),
    };
  }

  /** CancelMessageMoveTask: what was moved stays moved. */
  cancel(input: JsonObject): JsonObject {
    const row = this.#running(requiredText(input, 'TaskHandle'));
    if (row === undefined) throw new AwsError('ResourceNotFoundException', 'Task does not exist.');
    this.#context.store.run("UPDATE sqs_moves SET status = 'CANCELLED' WHERE handle = ?", row.handle);
    return { ApproximateNumberOfMessagesMoved: row.moved };
  }

  resume(): void {
    for (const row of this.#allRunning()) this.#schedule(row.handle, 0);
  }

  /** How many tasks are running. */
  running(): number {
    return this.#allRunning().length;
  }

  #schedule(handle: string, delayMs: number): void {
    this.#context.runtime.schedule({ name: 'sqs-message-move', delayMs, run: () => this.#step(handle) });
  }

  #step(handle: string): void {
    const row = this.#running(handle);
    if (row === undefined) return;
    const source = this.#registry.find(row.source);
    const { moved, targets } =
      source === undefined
        ? { moved: 0, targets: new Set<string>() }
        : this.#messages.transfer(source, row.per_second, (origin) => this.#target(row, source, origin));
    const status = moved === row.per_second ? 'RUNNING' : 'COMPLETED';
    this.#context.store.run(
      'UPDATE sqs_moves SET moved = moved + ?, status = ? WHERE handle = ?',
      moved,
      status,
      handle,
    );
    for (const target of targets) this.#wake(target);
    if (status === 'RUNNING') this.#schedule(handle, STEP_MS);
  }

  #target(row: MoveRow, source: Queue, origin: string | undefined): Queue | undefined {
    const arn = row.destination ?? origin ?? this.#registry.sourcesOf(source.arn)[0]?.arn;
    return arn === undefined ? undefined : this.#registry.find(arn);
  }

  #running(handle: string): MoveRow | undefined {
    return this.#context.store.get<MoveRow>(
      "SELECT * FROM sqs_moves WHERE handle = ? AND status = 'RUNNING'",
      handle,
    );
  }

  #allRunning(): MoveRow[] {
    return this.#context.store.all<MoveRow>("SELECT * FROM sqs_moves WHERE status = 'RUNNING'");
  }

  #existing(arn: string): Queue {
    const queue = this.#registry.find(arn);
    if (queue !== undefined) return queue;
    throw new AwsError('ResourceNotFoundException', 'The resource that you specified does not exist.');
  }

  #deadLetterQueue(arn: string): Queue {
    const queue = this.#existing(arn);
    if (this.#registry.isDeadLetterQueue(queue)) return queue;
    throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  }
}
