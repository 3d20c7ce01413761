/**
 * An error as the Amazon States Language has it: a name that Retry and Catch match, and a cause in words.
 * Some errors end the execution whatever its Catch says: `terminal` ones.
 */
export class StatesError extends Error {
  /** `ErrorEquals` is matched against it; absent when a Fail state names none. */
  readonly error: string | undefined;
  /** What is shown beside the error; absent when there is nothing to say (a timeout). */
  readonly reason: string | undefined;
  /** True for what no Retry and no Catch can match (States.Runtime). */
  readonly terminal: boolean;

  constructor(error: string | undefined, reason: string | undefined, terminal = false) {
    super(reason ?? error ?? 'The execution failed.');
    this.error = error;
    this.reason = reason;
    this.terminal = terminal;
  }
}

/** A definition that asks at run time for what cannot be had (a path without a value, a bad timestamp). */
export class RuntimeFault extends Error {}

/**
 * What the execution ends with because of a fault at run time.
 *
 * @param state the state's name
 * @param enteredEventId the number of the event at which it was entered
 */
export function runtimeError(fault: RuntimeFault, state: string, enteredEventId: number): StatesError {
  const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEventId}).`;
  return new StatesError('States.Runtime', `${where} ${fault.message}`, true);
}

/** Stops a branch whose execution or sibling has ended; it is never seen outside the interpreter. */
export class Cancelled extends Error {}
