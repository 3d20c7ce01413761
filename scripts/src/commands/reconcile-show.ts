import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { onlyArgument } from './only-argument.ts';
import { breakText } from './reconcile-break-text.ts';
import { evidenceOf, findBreak } from './reconcile-cases.ts';

/** `payments reconcile show`: all of one break. */
export const reconcileShow: Command = {
  name: 'reconcile show',
  summary: 'one break: what differs, what was done about it and why, what comes next',
  help: `payments reconcile show <breakId> [options]

Shows a break: what differs, entry by entry as it was posted and as it is booked, the patch, each step with who or what
decided it and its number in the evidence, and what comes next. The id may be cut short as long as no other begins so.

  --json                 all that is kept of it, with its evidence
${CONNECTION_HELP}

Example:  payments reconcile show 3f0e5a6e`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const id = onlyArgument(positionals, 'show takes the id of one break, or its beginning.');
    const connection = await openConnection(connectionOptions(values));
    try {
      const kept = await findBreak(connection, id);
      const evidence = await evidenceOf(connection, kept.breakId);
      if (values.json === true) output.print(JSON.stringify({ break: kept, evidence }, null, 2));
      else for (const line of breakText(kept, evidence, Date.now())) output.print(line);
      return 0;
    } finally {
      await connection.close();
    }
  },
};
