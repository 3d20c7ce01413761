import type { JsonObject, JsonValue } from '../../../core/aws-error.ts';
import type { Frame } from './frame.ts';

/** What a state came to. */
export interface Step {
  readonly output: JsonValue;
  /** The state to go to; absent when this one ends the workflow. */
  readonly next: string | undefined;
  /** The variables that it assigned. */
  readonly assigned: JsonObject | undefined;
}

/** A state of a definition, made ready to run. */
export interface CompiledState {
  readonly name: string;
  /** As in the definition, for example `Task`. */
  readonly type: string;
  /**
   * Runs it; a state that waits for nothing gives its step at once.
   *
   * @param rawInput the input as it came, before InputPath
   * @throws StatesError, RuntimeFault, Cancelled
   */
  run(frame: Frame, rawInput: JsonValue): Step | Promise<Step>;
}

/** A definition, or the part of one inside a Map or Parallel state, made ready to run. */
export interface Workflow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, CompiledState>;
}
