import type { JsonValue } from '../../../core/aws-error.ts';
import { isTooLarge } from './data-limit.ts';
import type { Frame } from './frame.ts';
import type { Step, Workflow } from './state.ts';
import { RuntimeFault, runtimeError, StatesError } from './states-error.ts';

/**
 * Runs a workflow from its first state to its end and gives its output.
 *
 * @throws StatesError when it fails, Cancelled when it was stopped
 */
export async function runWorkflow(workflow: Workflow, frame: Frame, input: JsonValue): Promise<JsonValue> {
  let data = input;
  let name: string | undefined = workflow.startAt;
  while (name !== undefined) {
    const state = workflow.states.get(name);
    if (state === undefined) throw new RuntimeFault(`There is no state '${name}'.`);
    frame.enter(state.name, state.type, data);
    let step: Step;
    try {
      const running = state.run(frame, data);
      step = running instanceof Promise ? await running : running;
    } catch (error) {
      if (error instanceof RuntimeFault) throw runtimeError(error, state.name, frame.enteredEventId);
      throw error;
    }
    if (step.output !== data && isTooLarge(step.output)) throw tooLarge(state.name);
    frame.exit(state.type, step.output, step.assigned);
    data = step.output;
    name = step.next;
  }
  return data;
}

/** The error of a result or output over the limit; `what` is a state's name or the task that answered. */
export function tooLarge(what: string, terminal = true): StatesError {
  return new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    terminal,
  );
}
