/** Where a command writes; tests collect it. */
export interface Output {
  /** One line to standard output. */
  print(line: string): void;
  /** One line to standard error. */
  warn(line: string): void;
}

/** One command of `payments`, as in `payments balance ACC-0001`. */
export interface Command {
  /** The words that call it, as in `iso8583 decode`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `payments <name> --help` prints: usage, options, an example. */
  readonly help: string;
  /**
   * Runs it.
   *
   * @param args what stands after the name
   * @returns the exit status: 0 done, 1 failed or found something wrong
   * @throws CommandUsageError for arguments that it cannot read: the command exits with 2
   */
  run(args: readonly string[], output: Output): Promise<number>;
}

/** Arguments that a command cannot read; the message says which and what is expected. */
export class CommandUsageError extends Error {
  override readonly name = 'CommandUsageError';
}
