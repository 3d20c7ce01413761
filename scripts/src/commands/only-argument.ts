import { CommandUsageError } from './command.ts';

/**
 * The one argument that a command takes.
 *
 * @param positionals what `parseArgs` gives of the arguments that are no options
 * @param expected what to say when there is none, or more than one: a sentence
 * @throws CommandUsageError
 */
export function onlyArgument(positionals: readonly string[], expected: string): string {
  const [only, ...others] = positionals;
  if (only === undefined || others.length > 0) throw new CommandUsageError(expected);
  return only;
}
