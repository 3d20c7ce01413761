import type { JsonValue } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { Execution, type ExecutionIdentity } from './asl/execution.ts';
import { Frame } from './asl/frame.ts';
import type { HistoryEvent } from './asl/history.ts';
import { type Outcome, runExecution } from './execution-outcome.ts';
import type { StateMachine } from './state-machines.ts';

/** How long an Express execution may take (quotas page). */
const EXPRESS_DURATION_MAX_MS = 300_000;
/** How long a Standard execution may take. */
const STANDARD_DURATION_MAX_MS = 365 * 24 * 3600 * 1000;
/** How many events the history of a Standard execution may hold. */
const STANDARD_EVENTS_MAX = 25_000;

/** One run of an execution, from its first state. */
export class ExecutionRun {
  readonly frame: Frame;
  /** The history so far; absent where none is kept. */
  readonly events: HistoryEvent[] | undefined;
  readonly #context: ServiceContext;
  readonly #machine: StateMachine;
  readonly #execution: Execution;

  constructor(context: ServiceContext, machine: StateMachine, identity: ExecutionIdentity) {
    this.#context = context;
    this.#machine = machine;
    const isExpress = machine.type === 'EXPRESS';
    const events: HistoryEvent[] | undefined =
      !isExpress || machine.logging['level'] === 'ALL' ? [] : undefined;
    const longestMs = isExpress ? EXPRESS_DURATION_MAX_MS : STANDARD_DURATION_MAX_MS;
    const { timeoutSeconds } = machine.definition;
    const durationMs = timeoutSeconds === undefined ? longestMs : Math.min(longestMs, timeoutSeconds * 1000);
    this.events = events;
    this.#execution = new Execution(identity, context.runtime, {
      deadline: context.runtime.now() + durationMs,
      eventsMax: isExpress ? Number.POSITIVE_INFINITY : STANDARD_EVENTS_MAX,
      observer: events && ((event) => void events.push(event)),
    });
    this.frame = new Frame(this.#execution);
  }

  get identity(): ExecutionIdentity {
    return this.#execution.identity;
  }

  /**
   * Runs it to its end.
   *
   * @param ended hears how it ended
   * @returns a promise that resolves when it has ended or sleeps
   */
  begin(ended: (outcome: Outcome) => void): Promise<void> {
    return this.#execution.wakefulness.begin(async () => {
      const outcome = await runExecution(this.#machine.definition.workflow, this.#execution, this.frame);
      if (this.#machine.type === 'EXPRESS') this.#context.bill('states:express-requests', 1);
      else this.#context.bill('states:standard-transitions', this.#execution.transitions);
      ended(outcome);
    });
  }
}

/** Who an execution of a machine is. */
export function identityOf(
  machine: StateMachine,
  execution: { readonly arn: string; readonly name: string; readonly startedAt: number },
  input: JsonValue,
): ExecutionIdentity {
  return {
    ...execution,
    input,
    roleArn: machine.roleArn,
    stateMachineArn: machine.arn,
    stateMachineName: machine.name,
    type: machine.type,
  };
}
