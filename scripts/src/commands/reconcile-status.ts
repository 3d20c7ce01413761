import { parseArgs } from 'node:util';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { resourceName } from '@payments/infra/names';
import type { BreakState } from '@payments/reconcile/break';
import type { KeptPass } from '@payments/reconcile/dynamodb-passes';
import type { KeptBreak } from '@payments/reconcile/ports';
import { ageText } from '../reconciliation-report/age-text.ts';
import { groupedCount } from '../reconciliation-report/amount-text.ts';
import { table } from '../text-table.ts';
import type { Command } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { allBreaks, BREAK_STATES, evidenceStore, WAITING_STATES } from './reconcile-cases.ts';
import { passStore } from './reconcile-sides.ts';

/** Transactions that are not settled are in this index of reconcile's rows, under these keys. */
const DUE_INDEX = 'due';
const DUE_KEYS = [...'0123456789abcdef'].map((digit) => `DUE#${digit}`);

/** The cases of one type, by state. */
interface TypeCounts {
  readonly type: string;
  readonly counts: Readonly<Record<BreakState, number>>;
  /** When the oldest that waits was opened. */
  readonly oldestSince?: string;
}

/** How reconciliation stands. */
interface Standing {
  readonly environment: string;
  /** RFC 3339. */
  readonly at: string;
  readonly breaks: readonly TypeCounts[];
  readonly waiting: number;
  readonly oldestSince?: string;
  /** Transactions that are neither reconciled nor ended, and how many of those should be by now. */
  readonly unsettled: number;
  readonly overdue: number;
  /** The last pass over posted and ledger that ended. */
  readonly lastPass?: KeptPass;
  /** How many steps the evidence has. */
  readonly evidence: number;
}

/** `payments reconcile status`: how reconciliation stands. */
export const reconcileStatus: Command = {
  name: 'reconcile status',
  summary: 'how reconciliation stands: breaks by type and state, the oldest, what is overdue',
  help: `payments reconcile status [options]

Counts breaks by type and state, with the age of the oldest that waits, and the transactions that are not settled yet.

  --json                 the same for machines
${CONNECTION_HELP}

Example:  payments reconcile status`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, json: { type: 'boolean' } },
    });
    const connection = await openConnection(connectionOptions(values));
    try {
      const standing = await standingOf(connection, Date.now());
      if (values.json === true) output.print(JSON.stringify(standing, null, 2));
      else for (const line of standingLines(standing)) output.print(line);
      return 0;
    } finally {
      await connection.close();
    }
  },
};

async function standingOf(connection: Connection, now: number): Promise<Standing> {
  const types = new Map<string, { counts: Record<BreakState, number>; oldestSince?: string }>();
  let waiting = 0;
  let oldestSince: string | undefined;
  for await (const { type, state, openedAt } of allBreaks(connection)) {
    const known = types.get(type) ?? { counts: noBreaks() };
    types.set(type, known);
    known.counts[state] += 1;
    if (!WAITING_STATES.has(state)) continue;
    waiting += 1;
    if (known.oldestSince === undefined || openedAt < known.oldestSince) known.oldestSince = openedAt;
    if (oldestSince === undefined || openedAt < oldestSince) oldestSince = openedAt;
  }
  const { number: evidence } = await evidenceStore(connection).end();
  const lastPass = await passStore(connection).last();
  return {
    environment: connection.environment.name,
    at: new Date(now).toISOString(),
    breaks: [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, each]) => ({ type, ...each })),
    waiting,
    ...(oldestSince === undefined ? {} : { oldestSince }),
    unsettled: await dueCount(connection, Number.MAX_SAFE_INTEGER),
    overdue: await dueCount(connection, now),
    ...(lastPass === undefined ? {} : { lastPass }),
    evidence,
  };
}

function standingLines(standing: Standing): readonly string[] {
  const { environment, at, breaks, waiting, oldestSince, unsettled, overdue, lastPass, evidence } = standing;
  const now = Date.parse(at);
  const rows = breaks.map(({ type, counts, oldestSince: since }) => [
    type,
    ...BREAK_STATES.map((state) => (counts[state] === 0 ? '·' : groupedCount(counts[state]))),
    since === undefined ? '' : ageText(since, now),
  ]);
  const head = ['type', ...BREAK_STATES.map((state) => state.toLowerCase()), 'oldest'];
  const oldest = oldestSince === undefined ? '' : `, the oldest for ${ageText(oldestSince, now)}`;
  return [
    `Reconciliation of ${environment}`,
    '',
    ...(breaks.length === 0 ? ['There has been no break.'] : [table(head, rows)]),
    '',
    `Breaks that wait      ${groupedCount(waiting)}${oldest}`,
    `Transactions on way   ${groupedCount(unsettled)}, of which overdue ${groupedCount(overdue)}`,
    `Last pass             ${lastPass === undefined ? 'none yet' : passText(lastPass, now)}`,
    `Steps of evidence     ${groupedCount(evidence)}`,
  ];
}

function passText({ name, endedAt, groups, sequences }: KeptPass, now: number): string {
  const differ =
    groups.differing === 0
      ? 'all control totals agree'
      : `${groupedCount(groups.differing)} of ${groupedCount(groups.compared)} control totals differ`;
  return `${name}, ${ageText(endedAt, now)} ago: ${groupedCount(sequences.posted)} sequences, ${differ}`;
}

/** Transactions that are not settled and were due at a time. */
async function dueCount({ documents, environment }: Connection, at: number): Promise<number> {
  const TableName = resourceName(environment, 'reconcile', 'reconciliation');
  let count = 0;
  for (const due of DUE_KEYS) {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName,
          IndexName: DUE_INDEX,
          KeyConditionExpression: 'due = :due AND dueAt <= :at',
          ExpressionAttributeValues: { ':due': due, ':at': at },
          Select: 'COUNT',
          ExclusiveStartKey,
        }),
      );
      count += page.Count ?? 0;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
  return count;
}

function noBreaks(): Record<KeptBreak['state'], number> {
  return { OPEN: 0, PATCHING: 0, PROPOSED: 0, PARKED: 0, PATCHED: 0, CLOSED: 0 };
}
