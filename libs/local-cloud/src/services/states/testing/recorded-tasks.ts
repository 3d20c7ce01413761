import { AwsError, type JsonObject, type JsonValue } from '../../../core/aws-error.ts';
import type { FunctionInvoker, InvocationResult } from '../../../core/seams.ts';
import type { CallService } from '../../../core/service.ts';
import { DATA_BYTES_MAX } from '../asl/data-limit.ts';
import { isObject } from '../asl/json.ts';
import { lowerCaseMembers } from '../integrations/member-case.ts';
import type { TaskEvent } from './recorded-case.ts';

/** Services and functions that answer, call after call, as they did when the case was recorded. */
export class RecordedTasks {
  readonly #outcomes: TaskEvent[];
  readonly #submitted: TaskEvent[];

  constructor(events: readonly TaskEvent[]) {
    this.#outcomes = events.filter(({ event }) => /(Succeeded|Failed|TimedOut)$/.test(event));
    this.#submitted = events.filter(({ event }) => event === 'TaskSubmitted');
  }

  /** How many recorded outcomes nobody has asked for. */
  get left(): number {
    return this.#outcomes.length;
  }

  readonly functions: FunctionInvoker = {
    invoke: () => this.#invoke(this.#next()),
    invokeAsync: () => {
      throw new Error('no recorded case invokes asynchronously');
    },
  };

  readonly call: CallService = (service, operation) => {
    const [submitted] = this.#submitted;
    if (operation === 'StartExecution' && submitted !== undefined) {
      this.#submitted.shift();
      return Promise.resolve(apiOutput(service, submitted.output ?? null));
    }
    const outcome = this.#next();
    if (outcome.event === 'TaskSucceeded') return Promise.resolve(apiOutput(service, outcome.output ?? null));
    if (outcome.event === 'TaskTimedOut') return new Promise(() => {});
    if (isObject(outcome.cause)) return Promise.resolve(apiOutput(service, outcome.cause));
    return Promise.reject(refusal(outcome));
  };

  #next(): TaskEvent {
    const outcome = this.#outcomes.shift();
    if (outcome === undefined) throw new Error('more was called than was recorded');
    return outcome;
  }

  async #invoke(outcome: TaskEvent): Promise<InvocationResult> {
    if (outcome.event.endsWith('TimedOut')) return new Promise(() => {});
    if (outcome.event.endsWith('Succeeded')) {
      const output = outcome.output ?? null;
      const answer = outcome.resourceType === 'lambda' && isObject(output) ? output['Payload'] : output;
      return { payload: JSON.stringify(answer), functionError: undefined };
    }
    if (outcome.error === 'States.DataLimitExceeded') {
      return { payload: JSON.stringify('é'.repeat(DATA_BYTES_MAX / 2)), functionError: undefined };
    }
    if (outcome.error?.startsWith('Lambda.') === true) throw refusal(outcome);
    const { cause } = outcome;
    return { payload: typeof cause === 'string' ? cause : JSON.stringify(cause), functionError: 'Unhandled' };
  }
}

/** The answer of an API from the task result that was made of it. */
function apiOutput(service: string, result: JsonValue): JsonObject {
  if (!isObject(result)) throw new Error('a recorded result is not an object');
  const { SdkHttpMetadata: _http, SdkResponseMetadata: _response, ...output } = result;
  if (service !== 'states') return output;
  const { Input: input, Output: executionOutput, ...others } = output;
  const named = lowerCaseMembers(others);
  return {
    ...(isObject(named) && named),
    ...(input !== undefined && { input: asText(input) }),
    ...(executionOutput !== undefined && { output: asText(executionOutput) }),
  };
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The refusal of a service from the error and the cause of the task that it failed. */
function refusal({ error = '', cause }: TaskEvent): AwsError {
  const text = typeof cause === 'string' ? cause : '';
  const code = /Error Code: (\w+)/.exec(text)?.[1] ?? error.split('.').at(-1) ?? '';
  const message = text.slice(0, Math.max(0, text.indexOf(' (Service:')));
  return new AwsError(code, message, { status: Number(/Status Code: (\d+)/.exec(text)?.[1] ?? 400) });
}
