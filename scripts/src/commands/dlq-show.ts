import { parseArgs } from 'node:util';
import { type Command, CommandUsageError, type Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { type Letter, release, type TakenLetter, takeLetters } from './dlq-letters.ts';
import { oneQueue, readMax } from './dlq-options.ts';
import { type QuarantinedLetter, quarantined, quarantineStage, shown } from './dlq-quarantine.ts';
import { deadLetterQueue } from './dlq-queues.ts';

const DEFAULT_MAX = 10;

/** `payments dlq show`. */
export const dlqShow: Command = {
  name: 'dlq show',
  summary: 'dead letters one by one: which transactions, since when, and why',
  help: `payments dlq show <queue> [options]

The messages of a dead-letter queue, or the records of quarantine/<stage>: event, transactions, age, how often it was
received, and why it lies there. Ids and reasons only. Messages stay where they are; while they are read they are hidden
from others for a moment.

  --max <n>              how many (default: ${DEFAULT_MAX})
  --json                 for machines
${CONNECTION_HELP}

Example:  payments dlq show posting-dead-letters --max 3`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, max: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const queue = oneQueue(positionals);
    const max = readMax(values.max) ?? DEFAULT_MAX;
    const connection = await openConnection(connectionOptions(values));
    try {
      const stage = quarantineStage(queue);
      if (stage === 'unknown') throw new CommandUsageError(`${queue}: there is no such stage.`);
      const letters: readonly (Letter | QuarantinedLetter)[] =
        stage === undefined
          ? await lettersOf(connection, queue, max)
          : (await firstOf(quarantined(connection, stage), max)).map(shown);
      if (values.json === true) output.print(JSON.stringify({ queue, letters }, null, 2));
      else print(letters, queue, output);
      return 0;
    } finally {
      await connection.close();
    }
  },
};

/** Looks at messages and lets others see them again, whatever happens between. */
async function lettersOf(connection: Connection, name: string, max: number): Promise<readonly Letter[]> {
  const queue = await deadLetterQueue(connection, name);
  const taken: TakenLetter[] = [];
  try {
    for await (const each of takeLetters(connection.sqs, queue, max)) taken.push(each);
  } finally {
    for (const each of taken) await release(connection.sqs, queue, each);
  }
  return taken.map(({ letter }) => letter);
}

async function firstOf<T>(source: AsyncIterable<T>, max: number): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const each of source) {
    found.push(each);
    if (found.length === max) break;
  }
  return found;
}

function print(letters: readonly (Letter | QuarantinedLetter)[], queue: string, output: Output): void {
  if (letters.length === 0) output.print(`Nothing lies in ${queue}.`);
  for (const letter of letters) for (const line of linesOf(letter)) output.print(line);
}

/** A letter as lines, the first of which says what it is. */
export function linesOf(letter: Letter | QuarantinedLetter): readonly string[] {
  if ('key' in letter) {
    const { key, event, reason, explanation, transactionId, setAsideAt } = letter;
    return [
      `${key}`,
      `  ${event}${transactionId === undefined ? '' : `, transaction ${transactionId}`}, set aside ${setAsideAt}`,
      `  ${reason}: ${explanation}`,
    ];
  }
  const { messageId, event, eventId, transactionIds, records, sentAt, ageSeconds, receiveCount, reason } =
    letter;
  const more = records > transactionIds.length ? ` and ${records - transactionIds.length} more` : '';
  return [
    `${messageId}`,
    ...(event === undefined ? [] : [`  ${event}${eventId === undefined ? '' : ` ${eventId}`}`]),
    ...(transactionIds.length === 0 ? [] : [`  transactions ${transactionIds.join(', ')}${more}`]),
    `  sent ${sentAt}, ${ageSeconds} s ago, received ${receiveCount} times`,
    `  ${reason}`,
  ];
}
