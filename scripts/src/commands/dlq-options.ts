import { CommandUsageError } from './command.ts';
import { type Connection, ConnectionRefusedError } from './connection.ts';
import { onlyArgument } from './only-argument.ts';

/** The one queue that a command of dead letters names. @throws CommandUsageError */
export function oneQueue(positionals: readonly string[]): string {
  return onlyArgument(
    positionals,
    'Name one queue as "payments dlq list" lists it, as in posting-dead-letters or quarantine/posting.',
  );
}

/** @throws CommandUsageError */
export function readMax(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new CommandUsageError(`--max takes a number of messages, not "${text}".`);
}

/** Messages of a cloud that does not run lie still. @throws ConnectionRefusedError */
export function needsRunning({ kind }: Connection): void {
  if (kind === 'at-rest')
    throw new ConnectionRefusedError(
      'This needs a cloud that runs: run "npm start" on this data directory first.',
    );
}
