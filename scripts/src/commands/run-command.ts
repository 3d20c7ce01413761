import { type Command, CommandUsageError, type Output } from './command.ts';
import { nearestName } from './nearest-name.ts';
import { COMMANDS, type RegisteredCommand } from './registry.ts';

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

const EXPLAINS = '"payments --help" lists the commands.';

/**
 * Runs `payments <command> [arguments]`.
 *
 * @param args the whole command line
 * @returns the exit status: 0 done, 1 failed or found something wrong, 2 not understood
 */
export async function runCommand(
  args: readonly string[],
  output: Output,
  commands: readonly RegisteredCommand[] = COMMANDS,
): Promise<number> {
  const [first] = args;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    await printCommands(output, commands);
    return first === undefined ? MISUSED : DONE;
  }
  const found = findCommand(args, commands);
  if (found === undefined) return refuseUnknown(args, output, commands);
  const rest = args.slice(found.name.split(' ').length);
  try {
    const command = await found.load();
    if (rest.includes('--help') || rest.includes('-h')) {
      output.print(command.help);
      return DONE;
    }
    return await command.run(rest, output);
  } catch (error) {
    return explain(error, found.name, output);
  }
}

/** The command with most words among those that the arguments begin with. */
function findCommand(
  args: readonly string[],
  commands: readonly RegisteredCommand[],
): RegisteredCommand | undefined {
  const matching = commands.filter(({ name }) => name.split(' ').every((word, at) => args[at] === word));
  return matching.sort((a, b) => b.name.length - a.name.length)[0];
}

async function printCommands(output: Output, commands: readonly RegisteredCommand[]): Promise<void> {
  const loaded: Command[] = await Promise.all(commands.map((each) => each.load()));
  const width = Math.max(0, ...loaded.map(({ name }) => name.length)) + 2;
  output.print('payments <command> [options]\n');
  for (const { name, summary } of loaded) output.print(`  ${name.padEnd(width)}${summary}`);
  output.print(
    '\n"payments <command> --help" explains a command. PAYMENTS_TRACE=1 shows where an error came from.',
  );
}

function refuseUnknown(
  args: readonly string[],
  output: Output,
  commands: readonly RegisteredCommand[],
): number {
  const names = commands.map(({ name }) => name);
  const [first = ''] = args;
  const continued = names.filter((name) => name.startsWith(`${first} `));
  if (continued.length > 0) {
    output.warn(`"${first}" goes on with ${continued.map((name) => `"${name}"`).join(' or ')}.`);
    return MISUSED;
  }
  // A name of two words may have been mistyped in either.
  const nearest = nearestName(args.slice(0, 2).join(' '), names) ?? nearestName(first, names);
  const suggestion = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  output.warn(`There is no command "${first}".${suggestion} ${EXPLAINS}`);
  return MISUSED;
}

function explain(error: unknown, name: string, output: Output): number {
  const misused = error instanceof CommandUsageError || isParseArgsError(error);
  output.warn(sentenceOf(error));
  if (misused) output.warn(`"payments ${name} --help" explains the command.`);
  else if (process.env['PAYMENTS_TRACE'] === '1' && error instanceof Error)
    output.warn(error.stack ?? error.message);
  return misused ? MISUSED : FAILED;
}

/** What `parseArgs` of node:util says of options that it does not know. */
function isParseArgsError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Errors of ours say all in their message; others need their name to be understood.
  const ours = error instanceof CommandUsageError || isParseArgsError(error) || 'retryable' in error;
  return ours || error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
