import { parseArgs } from 'node:util';
import { groupedCount } from '../reconciliation-report/amount-text.ts';
import { type Command, CommandUsageError, type Output } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  ConnectionRefusedError,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { forget, type Knowledge, knowledgeOf } from './reconcile-knowledge.ts';
import { queueEmpty, readLedgerToReconcile, replayToReconcile } from './reconcile-replay.ts';

const MINUTE_MS = 60_000;
const DEFAULT_WAIT_MINUTES = 60;
/** `payments reconcile rebuild`: exits with 1 when what was made again is not what was there. */
export const reconcileRebuild: Command = {
  name: 'reconcile rebuild',
  summary: 'throw away what reconciliation knows and make it again from archive and ledger',
  help: `payments reconcile rebuild --yes [options]

Deletes what reconciliation knows of each transaction, gives it the whole archive once more (to its own rule and to no
other), reads the ledger to it, and says whether it knows the same as before. Breaks, evidence and passes stay. Best done
when nothing else is going on: what comes meanwhile counts as a difference. Exits with 1 when there is one.

  --yes                  without it nothing is done
  --wait <minutes>       how long to wait for the archive and the queue (default: ${DEFAULT_WAIT_MINUTES})
  --json                 what was known before and after
${CONNECTION_HELP}

Example:  payments reconcile rebuild --yes`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...CONNECTION_OPTIONS,
        yes: { type: 'boolean' },
        wait: { type: 'string', default: String(DEFAULT_WAIT_MINUTES) },
        json: { type: 'boolean' },
      },
    });
    if (values.yes !== true)
      throw new CommandUsageError(
        'rebuild throws away what reconciliation knows, and makes it again: say --yes.',
      );
    if (!/^[1-9]\d{0,3}$/.test(values.wait))
      throw new CommandUsageError(`--wait takes minutes, not "${values.wait}".`);
    const connection = await openConnection(connectionOptions(values));
    try {
      if (connection.kind === 'at-rest')
        throw new ConnectionRefusedError(
          'A replay needs a cloud that runs: run "npm start" on this data directory first.',
        );
      const until = Date.now() + Number(values.wait) * MINUTE_MS;
      const said = values.json === true ? silent(output) : output;
      const before = await knowledgeOf(connection);
      said.print(`Known before    ${knowledgeText(before)}`);
      await forget(connection);
      await replayToReconcile(connection, until);
      said.print('Replayed        the archive, to the rule of reconcile alone');
      said.print(
        `Read            ${groupedCount(await readLedgerToReconcile(connection))} sequences of the ledger`,
      );
      await queueEmpty(connection, until);
      const after = await knowledgeOf(connection);
      said.print(`Known after     ${knowledgeText(after)}`);
      const same = before.digest === after.digest;
      said.print(same ? 'It is the same.' : 'It is not the same.');
      if (values.json === true) output.print(JSON.stringify({ before, after, same }, null, 2));
      return same ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

function knowledgeText({ rows, results }: Knowledge): string {
  const parts = Object.entries(results).map(([result, count]) => `${groupedCount(count)} ${result}`);
  return `${groupedCount(rows)} transactions${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function silent(output: Output): Output {
  return { ...output, print: () => undefined };
}
