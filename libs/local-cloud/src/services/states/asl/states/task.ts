import type { JsonValue } from '../../../../core/aws-error.ts';
import { assignedBy, attemptWithRetries } from '../attempts.ts';
import type { Build } from '../build.ts';
import { isTooLarge } from '../data-limit.ts';
import type { Fields } from '../fields.ts';
import type { Frame } from '../frame.ts';
import type { Integration } from '../integration.ts';
import { tooLarge } from '../run-workflow.ts';
import type { CompiledState } from '../state.ts';
import { StatesError } from '../states-error.ts';
import { compileErrorHandling } from './error-handling.ts';
import { compileAssign, compileFilter, compileNext, compileResult, compileTemplateField } from './flow.ts';
import { compileNumberField } from './numbers-at-run-time.ts';
import { TaskHistory } from './task-history.ts';

/** A Task state: makes a call, with retries, and gives its result. */
export function compileTask(name: string, fields: Fields, build: Build): CompiledState {
  const resource = fields.requiredText('Resource');
  const integration = build.findIntegration(resource);
  if (typeof integration === 'string') fields.problem(`Resource '${resource}' is not run: ${integration}`);
  fields.refuse('Credentials', 'there is one account');
  // A heartbeat matters only to activities and callbacks; what answers a request is never missed, on AWS neither.
  fields.number('HeartbeatSeconds', 1);
  fields.text('HeartbeatSecondsPath');
  const input = compileFilter(fields, 'InputPath');
  const parameters = compileTemplateField(fields, 'Parameters');
  const selector = compileTemplateField(fields, 'ResultSelector');
  const resultPath = compileResult(fields);
  const output = compileFilter(fields, 'OutputPath');
  const timeoutSeconds = compileNumberField(fields, 'TimeoutSeconds', 1);
  const errors = compileErrorHandling(fields, build);
  const assign = compileAssign(fields);
  const next = compileNext(fields, build);
  return {
    name,
    type: 'Task',
    run(frame, rawInput) {
      if (typeof integration === 'string') throw new Error(`the resource ${resource} was refused`);
      const attempt = async () => {
        const effective = input(rawInput, frame);
        const given = parameters?.(effective, frame) ?? effective;
        const timeout = timeoutSeconds?.(effective, frame);
        const result = await callTask(integration, given, timeout, frame);
        const selected = selector?.(result, frame) ?? result;
        return {
          output: output(resultPath(rawInput, selected), frame),
          next,
          assigned: assignedBy(assign, selected, frame),
        };
      };
      return attemptWithRetries(frame, rawInput, errors, attempt, noMoreAttempts);
    },
  };
}

/** A Task has no event of its own for the end of its retries: each failed attempt has one. */
function noMoreAttempts(): void {}

async function callTask(
  integration: Integration,
  parameters: JsonValue,
  timeoutSeconds: number | undefined,
  frame: Frame,
): Promise<JsonValue> {
  const history = new TaskHistory(integration, frame);
  history.scheduled(parameters, timeoutSeconds);
  try {
    const answer = integration.call({
      parameters,
      execution: frame.execution.identity,
      sleep: (ms) => frame.sleep(ms),
      submitted: (output) => history.submitted(output),
    });
    const result = timeoutSeconds === undefined ? await answer : await within(timeoutSeconds, answer, frame);
    if (isTooLarge(result)) throw tooLarge(integration.resourceType, false);
    history.succeeded(result);
    return result;
  } catch (error) {
    if (error instanceof StatesError) history.failed(error);
    throw error;
  }
}

/** The answer, or States.Timeout when it takes longer; an answer that comes later is dropped. */
function within(seconds: number, answer: Promise<JsonValue>, frame: Frame): Promise<JsonValue> {
  return new Promise((resolve, reject) => {
    const cancel = frame.runtime.schedule({
      name: `states:${frame.execution.identity.stateMachineName}:timeout`,
      delayMs: seconds * 1000,
      run: () => reject(new StatesError('States.Timeout', undefined)),
    });
    answer.then(resolve, reject).finally(cancel);
  });
}
