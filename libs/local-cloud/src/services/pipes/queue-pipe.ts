import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ReceivedMessage, ServiceContext } from '../../core/seams.ts';
import { BatchFailure } from './batch-failure.ts';
import type { Pipe } from './pipe-definition.ts';
import { type PipeExecution, type PipeNeighbours, roleOf } from './pipe-execution.ts';
import type { PipeRun } from './pipe-run.ts';

/** What one ReceiveMessage gives at most. */
const RECEIVE_MAX = 10;
const DENIED_WAIT_MS = 60_000;

/**
 * Runs a pipe that reads a queue. What went through is deleted; what failed comes back when its visibility
 * timeout ends, and the queue's own redrive policy decides how often.
 */
export class QueuePipe implements PipeRun {
  readonly #pipe: Pipe;
  readonly #context: ServiceContext;
  readonly #neighbours: PipeNeighbours;
  readonly #execution: PipeExecution;
  readonly #unsubscribe: () => void;
  #cancel: (() => void) | undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  #windowEndsAt: number | undefined;
  #running = false;
  #stopped = false;

  constructor(pipe: Pipe, context: ServiceContext, neighbours: PipeNeighbours, execution: PipeExecution) {
    this.#pipe = pipe;
    this.#context = context;
    this.#neighbours = neighbours;
    this.#execution = execution;
    this.#unsubscribe = neighbours.queues.onMessages(pipe.sourceArn, () => this.#wake());
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancel?.();
  }

  outstanding(): number {
    if (this.#stopped) return 0;
    const { visible, nextVisibleAt } = this.#neighbours.queues.depth(this.#pipe.sourceArn);
    return this.#running || visible > 0 || nextVisibleAt !== undefined ? 1 : 0;
  }

  /** Sees to the queue now, or when its next message appears. */
  #wake(): void {
    if (this.#stopped || this.#running) return;
    const now = this.#context.runtime.now();
    const { visible, nextVisibleAt } = this.#neighbours.queues.depth(this.#pipe.sourceArn);
    if (visible === 0) {
      this.#windowEndsAt = undefined;
      if (nextVisibleAt !== undefined) this.#schedule(nextVisibleAt);
      return;
    }
    this.#windowEndsAt ??= now + this.#pipe.windowMs;
    this.#schedule(visible >= this.#pipe.batchSize ? now : this.#windowEndsAt);
  }

  #schedule(at: number): void {
    if (this.#cancel !== undefined && this.#nextAt <= at) return;
    this.#cancel?.();
    this.#nextAt = at;
    const { runtime } = this.#context;
    this.#cancel = runtime.schedule({
      name: `pipe:${this.#pipe.name}`,
      delayMs: Math.max(0, at - runtime.now()),
      run: () => this.#step(),
    });
  }

  async #step(): Promise<void> {
    this.#cancel = undefined;
    if (this.#stopped || this.#running) return;
    const open = this.#windowEndsAt !== undefined && this.#context.runtime.now() < this.#windowEndsAt;
    const { visible } = this.#neighbours.queues.depth(this.#pipe.sourceArn);
    if (visible === 0 || (open && visible < this.#pipe.batchSize)) {
      this.#wake();
      return;
    }
    this.#windowEndsAt = undefined;
    this.#running = true;
    try {
      if (this.#mayReceive()) await this.#runBatch(this.#receive());
    } finally {
      this.#running = false;
    }
    if (this.#cancel === undefined) this.#wake();
  }

  #receive(): ReceivedMessage[] {
    const messages: ReceivedMessage[] = [];
    while (messages.length < this.#pipe.batchSize) {
      const max = Math.min(RECEIVE_MAX, this.#pipe.batchSize - messages.length);
      const received = this.#neighbours.queues.receive(this.#pipe.sourceArn, max);
      if (received.length === 0) break;
      messages.push(...received);
    }
    return messages;
  }

  async #runBatch(messages: readonly ReceivedMessage[]): Promise<void> {
    const { name, sourceArn } = this.#pipe;
    const read = messages.map((message) => ({ message, record: this.#record(message) }));
    const passing = read.filter(({ record }) => this.#pipe.passes(record));
    let failed: ReadonlySet<number> = new Set();
    try {
      if (passing.length > 0) {
        await this.#execution.run(
          this.#pipe,
          passing.map(({ record }) => record),
        );
      }
    } catch (error) {
      if (!(error instanceof BatchFailure)) throw error;
      this.#context.warn(`pipe ${name}: ${error.message}`);
      failed = error.failed ?? new Set(passing.keys());
    }
    const kept = new Set([...failed].map((place) => passing[place]?.message.receiptHandle));
    const done = messages.map((message) => message.receiptHandle).filter((handle) => !kept.has(handle));
    if (done.length > 0) this.#neighbours.queues.delete(sourceArn, done);
  }

  #record(message: ReceivedMessage): JsonObject {
    const { region } = this.#context.account;
    return { ...message, eventSource: 'aws:sqs', eventSourceARN: this.#pipe.sourceArn, awsRegion: region };
  }

  #mayReceive(): boolean {
    try {
      this.#neighbours.authorize(roleOf(this.#pipe), 'sqs:ReceiveMessage', this.#pipe.sourceArn);
      this.#neighbours.authorize(roleOf(this.#pipe), 'sqs:DeleteMessage', this.#pipe.sourceArn);
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#context.warn(`pipe ${this.#pipe.name} may not read its source: ${error.message}`);
      this.#schedule(this.#context.runtime.now() + DENIED_WAIT_MS);
      return false;
    }
  }
}
