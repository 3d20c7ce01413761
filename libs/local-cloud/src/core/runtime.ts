/** What a task does when its time has come. */
export interface Task {
  /** Names the task in traces of a simulation, for example `sqs-mapping:payments-local-enrich`. */
  readonly name: string;
  /** How long from now, in milliseconds; 0 means as soon as possible. */
  readonly delayMs: number;
  /** True for what comes again and again by the clock, whether or not there is anything to do. */
  readonly recurs?: boolean;
  /** Runs the task. A task that fails is a defect of the local cloud, never of a deployed function. */
  run(): Promise<void> | void;
}

/**
 * Time, randomness and scheduling: everything in the local cloud that could differ between two runs.
 * Nothing else in the local cloud reads the clock, `Math.random`, `crypto` randomness or sets a timer.
 * One implementation uses the real clock and timers, the other a virtual clock and a seed.
 */
export interface Runtime {
  /** The current time in epoch milliseconds. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** A UUID version 4 in lower case. */
  uuid(): string;
  /**
   * Runs a task later. Tasks that are due at the same moment run in any order, and one that waits for
   * something does not hold up another.
   *
   * @returns a function that cancels the task when it has not begun
   */
  schedule(task: Task): () => void;
  /** How many tasks are waiting or running; 0 means that the cloud has come to rest. */
  readonly pendingTasks: number;
}
