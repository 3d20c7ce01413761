import { AwsError, type JsonValue } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { expressExecutionArn, standardExecutionArn } from './arns.ts';
import { isTextTooLarge } from './asl/data-limit.ts';
import type { ExecutionIdentity } from './asl/execution.ts';
import type { HistoryEvent } from './asl/history.ts';
import type { Outcome } from './execution-outcome.ts';
import { ExecutionRun, identityOf } from './execution-runner.ts';
import {
  EXPRESS_KEPT_MAX,
  type ExecutionCounts,
  type ExecutionRow,
  ExecutionStore,
  STANDARD_KEPT_MS,
} from './execution-store.ts';
import { ExpressQueue } from './express-queue.ts';
import type { StateMachine, StateMachines } from './state-machines.ts';

/** How many inputs of executions that have not begun are remembered parsed; others are parsed again. */
const INPUTS_REMEMBERED_MAX = 64;
/** The names that AWS takes for executions. */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** An execution that was started. */
export interface Started {
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** An execution that its caller waited for. */
export interface Finished {
  readonly identity: ExecutionIdentity;
  readonly outcome: Outcome;
  readonly stoppedAt: number;
}

/**
 * Starts, runs and ends executions. What is to run is a row in the store until it has ended; after a restart
 * it begins again from its first state. That is what Express promises (at least once); a Standard execution
 * on AWS would go on where it was, here its tasks may be called a second time after a crash.
 */
export class Executions {
  readonly #context: ServiceContext;
  readonly #machines: StateMachines;
  readonly #rows: ExecutionStore;
  readonly #running = new Map<string, ExecutionRun>();
  readonly #queues = new Map<string, ExpressQueue>();
  /** How many ended Express executions of a machine the store keeps, at most. */
  readonly #kept = new Map<string, number>();
  #outstanding = 0;
  /** Inputs of executions that have not begun, parsed. */
  readonly #inputs = new Map<string, JsonValue>();

  constructor(context: ServiceContext, machines: StateMachines) {
    this.#context = context;
    this.#machines = machines;
    this.#rows = new ExecutionStore(context.store);
  }

  /** How many executions run or wait for their turn. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Takes up what the store says is unfinished, in the order in which it was started; forgets what is old. */
  resume(): void {
    this.#rows.removeEndedBefore(this.#context.runtime.now() - STANDARD_KEPT_MS);
    for (const { arn, machine } of this.#rows.running()) this.#begin(this.#machines.get(machine), arn);
  }

  counts(machine: StateMachine): ExecutionCounts {
    return this.#rows.counts(machine.arn);
  }

  /**
   * Starts an execution, which runs later. A Standard one with the name and input of one that runs is that one.
   *
   * @throws AwsError InvalidName, InvalidExecutionInput, ExecutionAlreadyExists
   */
  start(machine: StateMachine, name: string | undefined, input: string): Started {
    const value = parsedInput(input);
    const { account, runtime } = this.#context;
    const named = validName(name ?? runtime.uuid());
    const isExpress = machine.type === 'EXPRESS';
    const arn = isExpress
      ? expressExecutionArn(account, machine.name, named, runtime.uuid())
      : standardExecutionArn(account, machine.name, named);
    const same = isExpress ? undefined : this.#sameName(arn, input);
    if (same !== undefined) return same;
    const startedAt = runtime.now();
    this.#rows.insert({ arn, machine: machine.arn, type: machine.type, name: named, input, startedAt });
    if (this.#inputs.size < INPUTS_REMEMBERED_MAX) this.#inputs.set(arn, value);
    this.#begin(machine, arn);
    return { arn, startedAt };
  }

  /** Runs an Express execution while its caller waits: at most once, and beside the queue of the others. */
  async runNow(machine: StateMachine, name: string | undefined, input: string): Promise<Finished> {
    const value = parsedInput(input);
    const { account, runtime } = this.#context;
    const named = validName(name ?? runtime.uuid());
    const arn = expressExecutionArn(account, machine.name, named, runtime.uuid());
    const identity = identityOf(machine, { arn, name: named, startedAt: runtime.now() }, value);
    const run = new ExecutionRun(this.#context, machine, identity);
    this.#outstanding += 1;
    this.#running.set(arn, run);
    const outcome = await new Promise<Outcome>((resolve) => void run.begin(resolve));
    this.#outstanding -= 1;
    this.#running.delete(arn);
    this.#rows.count(machine.arn, outcome.status);
    this.#complainOf(outcome, identity);
    return { identity, outcome, stoppedAt: runtime.now() };
  }

  /** @throws AwsError ExecutionDoesNotExist */
  get(arn: string): ExecutionRow {
    const row = this.#rows.get(arn);
    if (row !== undefined) return row;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /** The executions of a machine, newest first. */
  list(machine: StateMachine, status: string | undefined): readonly ExecutionRow[] {
    return this.#rows.list(machine.arn, status);
  }

  /** The events so far. */
  history(arn: string): readonly HistoryEvent[] {
    this.get(arn);
    return this.#running.get(arn)?.events ?? this.#rows.history(arn);
  }

  /** Stops an execution; gives when it ended, in epoch milliseconds. */
  stop(arn: string, error: string | undefined, cause: string | undefined): number {
    const row = this.get(arn);
    if (row.stopped_at !== null) return row.stopped_at;
    const stoppedAt = this.#context.runtime.now();
    const run = this.#running.get(arn);
    this.#running.delete(arn);
    this.#rows.end(arn, { status: 'ABORTED', output: undefined, error, cause, stoppedAt });
    this.#rows.count(row.machine, 'ABORTED');
    this.#rows.keepHistory(arn, run?.events ?? []);
    run?.frame.scope.cancel();
    return stoppedAt;
  }

  /** Ends all executions of a machine that is removed, and forgets them. */
  removeMachine(machine: StateMachine): void {
    for (const [arn, run] of this.#running) {
      if (run.identity.stateMachineArn !== machine.arn) continue;
      this.#running.delete(arn);
      run.frame.scope.cancel();
    }
    const queue = this.#queues.get(machine.arn);
    this.#outstanding -= queue?.waiting ?? 0;
    queue?.clear();
    this.#queues.delete(machine.arn);
    this.#inputs.clear();
    this.#kept.delete(machine.arn);
    this.#rows.removeMachine(machine.arn);
  }

  #sameName(arn: string, input: string): Started | undefined {
    const row = this.#rows.get(arn);
    if (row === undefined) return undefined;
    if (row.status === 'RUNNING' && row.input === input) return { arn, startedAt: row.started_at };
    if (row.stopped_at !== null && this.#context.runtime.now() - row.stopped_at > STANDARD_KEPT_MS) {
      this.#rows.remove(arn);
      return undefined;
    }
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }

  /** Runs an execution as soon as possible, an Express one when it is its turn. */
  #begin(machine: StateMachine, arn: string): void {
    this.#outstanding += 1;
    if (machine.type === 'EXPRESS') this.#queueOf(machine).add(arn);
    else this.#schedule(machine, () => this.#runRow(machine.arn, arn, () => {}));
  }

  #queueOf(machine: StateMachine): ExpressQueue {
    const known = this.#queues.get(machine.arn);
    if (known !== undefined) return known;
    const queue = new ExpressQueue((arn) => {
      this.#schedule(machine, () => this.#runRow(machine.arn, arn, () => queue.done()));
    });
    this.#queues.set(machine.arn, queue);
    return queue;
  }

  #schedule(machine: StateMachine, run: () => Promise<void>): void {
    this.#context.runtime.schedule({ name: `states:${machine.name}`, delayMs: 0, run });
  }

  /** Runs what a row asks for; resolves when it has ended or sleeps. */
  async #runRow(machineArn: string, arn: string, done: () => void): Promise<void> {
    const row = this.#rows.get(arn);
    const remembered = this.#inputs.get(arn);
    this.#inputs.delete(arn);
    if (row?.status !== 'RUNNING') {
      // It was stopped, or its machine removed, before it began.
      this.#outstanding -= 1;
      done();
      return;
    }
    const machine = this.#machines.get(machineArn);
    const named = { arn, name: row.name, startedAt: row.started_at };
    const run = new ExecutionRun(
      this.#context,
      machine,
      identityOf(machine, named, remembered ?? JSON.parse(row.input)),
    );
    this.#running.set(arn, run);
    await run.begin((outcome) => {
      if (this.#answerLost(machine, outcome, arn)) {
        this.#schedule(machine, () => this.#runRow(machineArn, arn, done));
        return;
      }
      if (this.#running.delete(arn)) this.#end(machine, run, outcome);
      this.#outstanding -= 1;
      done();
    });
  }

  /** True when an Express execution has to run again although it succeeded: that may happen on AWS. */
  #answerLost(machine: StateMachine, outcome: Outcome, arn: string): boolean {
    return (
      machine.type === 'EXPRESS' &&
      outcome.status === 'SUCCEEDED' &&
      this.#running.has(arn) &&
      this.#context.faults.losesAnswer(machine.name)
    );
  }

  #end(machine: StateMachine, run: ExecutionRun, outcome: Outcome): void {
    const { arn } = run.identity;
    this.#rows.count(machine.arn, outcome.status);
    this.#complainOf(outcome, run.identity);
    if (machine.type === 'EXPRESS' && outcome.status === 'SUCCEEDED' && run.events === undefined) {
      this.#rows.drop(arn);
      return;
    }
    const output = outcome.output === undefined ? undefined : JSON.stringify(outcome.output);
    const { status, error, cause } = outcome;
    this.#rows.end(arn, { status, output, error, cause, stoppedAt: this.#context.runtime.now() });
    if (run.events !== undefined) this.#rows.keepHistory(arn, run.events);
    if (machine.type === 'EXPRESS') this.#keepFew(machine);
  }

  /** Keeps the last ended Express executions: it looks only when there may be twice as many. */
  #keepFew(machine: StateMachine): void {
    const kept = (this.#kept.get(machine.arn) ?? EXPRESS_KEPT_MAX) + 1;
    if (kept < 2 * EXPRESS_KEPT_MAX) {
      this.#kept.set(machine.arn, kept);
      return;
    }
    this.#rows.trim(machine.arn, EXPRESS_KEPT_MAX);
    this.#kept.set(machine.arn, EXPRESS_KEPT_MAX);
  }

  /** The cause may hold data of the execution, so it is read with DescribeExecution and not said here. */
  #complainOf({ status, error, defect }: Outcome, { arn, type }: ExecutionIdentity): void {
    if (defect !== undefined) this.#context.warn(`states: ${arn} met a defect: ${String(defect)}`);
    else if (status !== 'SUCCEEDED' && status !== 'ABORTED') {
      const lost = type === 'EXPRESS' ? ', and what started it is lost' : '';
      this.#context.warn(`states: ${arn} ended as ${status} (${error ?? 'no error name'})${lost}`);
    }
  }
}

function validName(name: string): string {
  if (NAME.test(name)) return name;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

/** @throws AwsError InvalidExecutionInput */
function parsedInput(input: string): JsonValue {
  if (isTextTooLarge(input)) {
    throw new AwsError(
      'InvalidExecutionInput',
      'Invalid State Machine Execution Input: the input is too large',
    );
  }
  try {
    const value: JsonValue = JSON.parse(input);
    return value;
  } catch {
    throw new AwsError(
      'InvalidExecutionInput',
      'Invalid State Machine Execution Input: the input is not JSON',
    );
  }
}
