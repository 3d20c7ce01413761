/** A pipe that runs. */
export interface PipeRun {
  /** Ends it; a batch in flight may still reach the target, and is repeated when the pipe runs again. */
  stop(): void;
  /** How much it still has to do; 0 means that it waits for its source. */
  outstanding(): number;
}
