import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Frame } from './frame.ts';
import { isObject } from './json.ts';
import type { ResultPath } from './result-path.ts';
import { matchesError, type Retrier, RetryBudget } from './retry.ts';
import type { Step } from './state.ts';
import { RuntimeFault, runtimeError, StatesError } from './states-error.ts';
import type { Template } from './template.ts';

/** A catcher of a state. */
export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  readonly resultPath: ResultPath;
  readonly assign: Template | undefined;
}

/** What a state does about errors. */
export interface ErrorHandling {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

/**
 * Runs a state's attempts until one succeeds, none is left, or a catcher takes the error.
 *
 * @param attempt one attempt
 * @param gaveUp hears, before a catcher is looked for, that no retry is left
 * @throws StatesError that nothing caught
 */
export async function attemptWithRetries(
  frame: Frame,
  rawInput: JsonValue,
  { retriers, catchers }: ErrorHandling,
  attempt: () => Promise<Step>,
  gaveUp: () => void,
): Promise<Step> {
  let budget: RetryBudget | undefined;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = statesErrorOf(thrown, frame);
      if (error.terminal) throw error;
      budget ??= new RetryBudget(retriers);
      const delayMs = budget.delayAfter(error, frame.runtime);
      if (delayMs !== undefined) {
        await frame.sleepBeforeRetry(delayMs);
        continue;
      }
      gaveUp();
      const catcher = catchers.find(({ errorEquals }) => matchesError(errorEquals, error));
      if (catcher === undefined) throw error;
      return caught(catcher, error, rawInput, frame);
    }
  }
}

function caught(catcher: Catcher, error: StatesError, rawInput: JsonValue, frame: Frame): Step {
  const output: JsonObject = {
    ...(error.error !== undefined && { Error: error.error }),
    Cause: error.reason ?? '',
  };
  try {
    return {
      output: catcher.resultPath(rawInput, output),
      next: catcher.next,
      assigned: assignedBy(catcher.assign, output, frame),
    };
  } catch (thrown) {
    throw statesErrorOf(thrown, frame);
  }
}

function statesErrorOf(thrown: unknown, frame: Frame): StatesError {
  if (thrown instanceof StatesError) return thrown;
  if (thrown instanceof RuntimeFault) return runtimeError(thrown, frame.stateName, frame.enteredEventId);
  throw thrown;
}

/** What an Assign field sets; it is always an object, since a definition is refused otherwise. */
export function assignedBy(
  assign: Template | undefined,
  data: JsonValue,
  frame: Frame,
): JsonObject | undefined {
  if (assign === undefined) return undefined;
  const assigned = assign(data, frame);
  return isObject(assigned) ? assigned : undefined;
}
