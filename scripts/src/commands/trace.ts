import { parseArgs } from 'node:util';
import { table } from '../text-table.ts';
import { type Command, CommandUsageError } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { moneyText } from './record-text.ts';
import { FROM_TABLES_NOTE } from './transaction-events.ts';
import { findTransaction, lastTransaction } from './transaction-rows.ts';
import {
  type StoryEntry,
  type StoryStep,
  type TransactionStory,
  transactionStory,
} from './transaction-story.ts';

const STAGE_WIDTH = 18;
const TIME_WIDTH = 24;
const INDENT = ' '.repeat(2);
/** The columns of entries that hold words; amounts stand to the right. */
const WORDS: ReadonlySet<number> = new Set([1, 2, 5, 6, 7, 8]);

/** `payments trace`: what became of one transaction, and why. */
export const trace: Command = {
  name: 'trace',
  summary: 'one transaction from its message to its ledger entries',
  help: `payments trace <transactionId> [options]
payments trace --last [options]

Shows one transaction: its message, masked; each stage with time, event id, what it decided and why, and the time
since the step before; and its entries. The id may be cut short as long as no other begins so.

  --last                 the transaction that was logged last
  --json                 the same for machines
${CONNECTION_HELP}

Example:  payments trace 343ec004`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, last: { type: 'boolean' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [id, ...others] = positionals;
    if ((id === undefined) === (values.last !== true) || others.length > 0)
      throw new CommandUsageError('trace takes the id of one transaction, or --last.');
    const connection = await openConnection(connectionOptions(values));
    try {
      const transactionId =
        id === undefined ? await lastTransaction(connection) : await findTransaction(connection, id);
      const story = await transactionStory(connection, transactionId);
      output.print(values.json === true ? JSON.stringify(story, null, 2) : storyText(story));
      return 0;
    } finally {
      await connection.close();
    }
  },
};

/** The story as a person reads it. */
export function storyText(story: TransactionStory): string {
  const { transactionId, environment, source, message, steps, entries, end } = story;
  return [
    `Transaction ${transactionId}, environment ${environment}`,
    ...(source === 'tables' ? [FROM_TABLES_NOTE] : []),
    '',
    ...message.map((line) => INDENT + line),
    ...(steps.length === 0 ? [] : ['', ...steps.flatMap(stepLines)]),
    ...(entries.length === 0 ? [] : ['', ...entriesText(entries)]),
    '',
    `${end}${totalText(steps)}`,
  ].join('\n');
}

function stepLines({ at, sinceMs, stage, event, eventIds, decision, because }: StoryStep): string[] {
  const since = sinceMs === undefined ? '' : `+${sinceMs} ms`;
  const [first, ...others] = eventIds;
  const ids = others.length === 0 ? (first ?? '') : `${first} and ${others.length} more`;
  const under = ' '.repeat(TIME_WIDTH + STAGE_WIDTH) + INDENT;
  return [
    `${INDENT}${(at?.slice(11, 23) ?? '').padEnd(13)}${since.padStart(9)}  ${stage.padEnd(STAGE_WIDTH)}${decision}`,
    ...because.map((line) => under + line),
    `${under}${`${event} ${ids}`.trim()}`,
  ];
}

function entriesText(entries: readonly StoryEntry[]): readonly string[] {
  const sequences = [...new Set(entries.map(({ sequenceId }) => sequenceId))];
  return sequences.flatMap((sequenceId) => {
    const ofSequence = entries.filter((entry) => entry.sequenceId === sequenceId);
    const booked = ofSequence.every((entry) => entry.booked);
    const rows = ofSequence.map((entry) => [
      String(entry.number),
      entry.accountId,
      entry.role,
      entry.direction === 'DEBIT' ? (moneyText(entry.amount) ?? '') : '',
      entry.direction === 'CREDIT' ? (moneyText(entry.amount) ?? '') : '',
      entry.amountTag,
      entry.eventCode,
      entry.bookingDate === entry.valueDate
        ? entry.bookingDate
        : `${entry.bookingDate}, value ${entry.valueDate}`,
      entry.narrative,
    ]);
    const head = ['#', 'account', 'role', 'debit', 'credit', 'what', 'event', 'booked', 'narrative'];
    return [
      `${INDENT}Sequence ${sequenceId}${booked ? ', in the ledger' : ', not in the ledger'}`,
      ...table(head, rows, WORDS)
        .split('\n')
        .map((line) => INDENT + line),
    ];
  });
}

function totalText(steps: readonly StoryStep[]): string {
  const times = steps.flatMap(({ at }) => (at === undefined ? [] : [Date.parse(at)]));
  if (times.length < 2) return '';
  return ` ${Math.max(...times) - Math.min(...times)} ms from the first event to the last.`;
}
