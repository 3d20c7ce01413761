import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { withoutPans } from '@payments/schemas';
import { type Command, CommandUsageError } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { type Letter, remove, takeLetters } from './dlq-letters.ts';
import { needsRunning, oneQueue, readMax } from './dlq-options.ts';
import {
  type QuarantinedLetter,
  quarantined,
  quarantineStage,
  removeQuarantined,
  shown,
} from './dlq-quarantine.ts';
import { type DeadLetterQueue, deadLetterQueue } from './dlq-queues.ts';

/** Shorter than this is no reason that somebody understands later. */
const REASON_LENGTH_MIN = 10;

/** `payments dlq drop`. */
export const dlqDrop: Command = {
  name: 'dlq drop',
  summary: 'remove dead letters for good, and say which and why',
  help: `payments dlq drop <queue> --reason <text> [options]

Removes the messages of a dead-letter queue, or the records of quarantine/<stage>, and prints a line of JSON for each:
what it was, why it lay there, who dropped it and why. Keep that output. Asks first; where there is nobody to ask, --yes
must be said.

  --reason <text>        why nothing of it is needed, in at least ${REASON_LENGTH_MIN} characters
  --max <n>              at most so many (default: all that lie there now)
  --yes                  do not ask
  --json                 how many were dropped as a last line of JSON too, instead of on standard error
${CONNECTION_HELP}

Example:  payments dlq drop posting-fold-ledger-failed --reason "folded by hand, INC-42" --yes`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...CONNECTION_OPTIONS,
        reason: { type: 'string' },
        max: { type: 'string' },
        yes: { type: 'boolean' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const name = oneQueue(positionals);
    const max = readMax(values.max);
    const reason = withoutPans(values.reason?.trim() ?? '');
    if (reason.length < REASON_LENGTH_MIN)
      throw new CommandUsageError(`Say why with --reason, in at least ${REASON_LENGTH_MIN} characters.`);
    const connection = await openConnection(connectionOptions(values));
    try {
      needsRunning(connection);
      const stage = quarantineStage(name);
      if (stage === 'unknown') throw new CommandUsageError(`${name}: there is no such stage.`);
      const queue = stage === undefined ? await deadLetterQueue(connection, name) : undefined;
      const what =
        queue === undefined ? `the records of ${name}` : `up to ${max ?? queue.messages} of ${name}`;
      if (values.yes !== true && !(await agreed(what, connection.environment.name))) {
        output.print('Nothing was dropped.');
        return 1;
      }
      const say = (letter: Letter | QuarantinedLetter): void => {
        const by = process.env['USER'] ?? 'unknown';
        output.print(
          JSON.stringify({ dropped: letter, from: name, why: reason, by, at: new Date().toISOString() }),
        );
      };
      const dropped =
        queue !== undefined
          ? await dropLetters(connection, queue, max ?? queue.messages, say)
          : await dropQuarantined(connection, stage, max, say);
      if (values.json === true) output.print(JSON.stringify({ count: dropped, from: name }));
      else output.warn(`Dropped ${dropped} of ${name}.`);
      return 0;
    } finally {
      await connection.close();
    }
  },
};

type Say = (letter: Letter | QuarantinedLetter) => void;

/** Each is said before it is removed: what breaks off between the two is said twice and never gone unsaid. */
async function dropLetters(
  { sqs }: Connection,
  queue: DeadLetterQueue,
  max: number,
  say: Say,
): Promise<number> {
  let dropped = 0;
  if (max === 0) return dropped;
  for await (const taken of takeLetters(sqs, queue, max)) {
    say(taken.letter);
    await remove(sqs, queue, taken);
    dropped += 1;
  }
  return dropped;
}

async function dropQuarantined(
  connection: Connection,
  stage: Parameters<typeof quarantined>[1],
  max: number | undefined,
  say: Say,
): Promise<number> {
  let dropped = 0;
  for await (const letter of quarantined(connection, stage)) {
    if (dropped === max) break;
    say(shown(letter));
    await removeQuarantined(connection, letter);
    dropped += 1;
  }
  return dropped;
}

/** @throws CommandUsageError where there is nobody to ask */
async function agreed(what: string, environment: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CommandUsageError('Nobody can be asked here: say --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Drop ${what} in ${environment} for good? Type yes: `)) === 'yes';
  } finally {
    terminal.close();
  }
}
