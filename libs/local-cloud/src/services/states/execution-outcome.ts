import type { JsonValue } from '../../core/aws-error.ts';
import { type Execution, ExecutionTimedOut } from './asl/execution.ts';
import type { Frame } from './asl/frame.ts';
import { dataDetails } from './asl/history.ts';
import { runWorkflow } from './asl/run-workflow.ts';
import type { Workflow } from './asl/state.ts';
import { Cancelled, StatesError } from './asl/states-error.ts';

/** How an execution ended. */
export interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** The output when it succeeded. */
  readonly output?: JsonValue;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** An exception of the interpreter itself: a defect of the local cloud, told as States.Runtime. */
  readonly defect?: unknown;
}

/** Runs a workflow as an execution and writes the beginning and the end of its history. Never throws. */
export async function runExecution(workflow: Workflow, execution: Execution, frame: Frame): Promise<Outcome> {
  const { identity } = execution;
  frame.record('ExecutionStarted', () => [
    'executionStartedEventDetails',
    { ...dataDetails('input', identity.input), roleArn: identity.roleArn },
  ]);
  const outcome = await outcomeOf(workflow, frame, identity.input);
  recordEnd(execution, frame, outcome);
  return outcome;
}

async function outcomeOf(workflow: Workflow, frame: Frame, input: JsonValue): Promise<Outcome> {
  try {
    return { status: 'SUCCEEDED', output: await runWorkflow(workflow, frame, input) };
  } catch (thrown) {
    if (thrown instanceof Cancelled) return { status: 'ABORTED' };
    if (thrown instanceof ExecutionTimedOut) return { status: 'TIMED_OUT', error: thrown.error };
    if (thrown instanceof StatesError) return { status: 'FAILED', error: thrown.error, cause: thrown.reason };
    return { status: 'FAILED', error: 'States.Runtime', cause: String(thrown), defect: thrown };
  }
}

function recordEnd(execution: Execution, frame: Frame, { status, output, error, cause }: Outcome): void {
  const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  if (status === 'SUCCEEDED') {
    execution.recordEnd('ExecutionSucceeded', frame.lastEventId, () => [
      'executionSucceededEventDetails',
      dataDetails('output', output ?? null),
    ]);
  } else if (status === 'FAILED') {
    execution.recordEnd('ExecutionFailed', frame.lastEventId, () => ['executionFailedEventDetails', failure]);
  } else if (status === 'TIMED_OUT') {
    execution.recordEnd('ExecutionTimedOut', frame.lastEventId, () => [
      'executionTimedOutEventDetails',
      failure,
    ]);
  }
}
