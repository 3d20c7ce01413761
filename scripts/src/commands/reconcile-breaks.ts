import { parseArgs } from 'node:util';
import type { BreakState } from '@payments/reconcile/break';
import type { KeptBreak } from '@payments/reconcile/ports';
import { ageText } from '../reconciliation-report/age-text.ts';
import { groupedCount } from '../reconciliation-report/amount-text.ts';
import { type Command, CommandUsageError } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { breaksTable } from './reconcile-break-text.ts';
import { BREAK_STATES, breaksIn, WAITING_STATES } from './reconcile-cases.ts';

const MINUTE_MS = 60_000;
const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };
const DURATION = /^(\d{1,6})([mhd])$/;

/** `payments reconcile breaks`: the cases, oldest first. */
export const reconcileBreaks: Command = {
  name: 'reconcile breaks',
  summary: 'the breaks that wait, or those of a state, type or owner',
  help: `payments reconcile breaks [options]

Lists breaks, oldest first: those that wait for a patch or a person, unless a state is named.

  --state <state>        ${BREAK_STATES.join(', ')}, or ALL
  --type <type>          as A_NOT_P; docs/reconciliation.md has them all
  --owner <owner>        the team that a parked one waits for
  --older-than <time>    opened longer ago than 90m, 4h or 2d
  --json                 all that is kept of each
${CONNECTION_HELP}

Example:  payments reconcile breaks --state PARKED --older-than 4h`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...CONNECTION_OPTIONS,
        state: { type: 'string' },
        type: { type: 'string' },
        owner: { type: 'string' },
        'older-than': { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const states = statesOf(values.state);
    const olderThanMs = values['older-than'] === undefined ? undefined : durationMs(values['older-than']);
    const type = values.type?.toUpperCase();
    const connection = await openConnection(connectionOptions(values));
    try {
      const now = Date.now();
      const isWanted = (kept: KeptBreak): boolean =>
        (type === undefined || kept.type === type) &&
        (values.owner === undefined || kept.owner === values.owner) &&
        (olderThanMs === undefined || now - Date.parse(kept.openedAt) > olderThanMs);
      const found: KeptBreak[] = [];
      for await (const kept of breaksIn(connection, states)) if (isWanted(kept)) found.push(kept);
      found.sort((a, b) => (`${a.openedAt} ${a.breakId}` < `${b.openedAt} ${b.breakId}` ? -1 : 1));
      if (values.json === true) output.print(JSON.stringify(found, null, 2));
      else if (found[0] === undefined) output.print('There is no such break.');
      else {
        output.print(breaksTable(found, now));
        const breaks = found.length === 1 ? 'break' : 'breaks';
        output.print(
          `\n${groupedCount(found.length)} ${breaks}, the oldest of ${ageText(found[0].openedAt, now)}.`,
        );
      }
      return 0;
    } finally {
      await connection.close();
    }
  },
};

/** @throws CommandUsageError for what is no state */
function statesOf(named: string | undefined): ReadonlySet<BreakState> {
  if (named === undefined) return WAITING_STATES;
  const wanted = named.toUpperCase();
  if (wanted === 'ALL') return new Set(BREAK_STATES);
  const state = BREAK_STATES.find((each) => each === wanted);
  if (state === undefined)
    throw new CommandUsageError(
      `"${named}" is no state of a break; there are ${BREAK_STATES.join(', ')} and ALL.`,
    );
  return new Set([state]);
}

/** @throws CommandUsageError for what is no duration */
function durationMs(text: string): number {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  const minutes = MINUTES[unit];
  if (count === undefined || minutes === undefined)
    throw new CommandUsageError(`A time is expected as 90m, 4h or 2d, not as "${text}".`);
  return Number(count) * minutes * MINUTE_MS;
}
