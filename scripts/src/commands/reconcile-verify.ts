import { parseArgs } from 'node:util';
import { sha256 } from '@payments/reconcile/dynamodb-evidence';
import { verifyChain } from '@payments/reconcile/evidence-chain';
import { groupedCount } from '../reconciliation-report/amount-text.ts';
import type { Command } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { allBreaks, evidenceStore } from './reconcile-cases.ts';

/** `payments reconcile verify`: exits with 1 when the evidence is not what was written. */
export const reconcileVerify: Command = {
  name: 'reconcile verify',
  summary: 'whether the evidence is what was written, entry by entry',
  help: `payments reconcile verify [options]

Walks the evidence from its first entry to its last. Each entry holds a hash over itself and the entry before it, and
each break names the last entry about it: an entry that was altered, moved, put in or taken out, also at the end, is
found. Names the first such entry and exits with 1.

  --json                 the same for machines
${CONNECTION_HELP}

Example:  payments reconcile verify`,
  run: async (args, output) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...CONNECTION_OPTIONS, json: { type: 'boolean' } },
    });
    const connection = await openConnection(connectionOptions(values));
    try {
      const lastKnown = await lastNamed(connection);
      const verdict = await verifyChain(evidenceStore(connection).read(), sha256, lastKnown);
      if (values.json === true) output.print(JSON.stringify(verdict, null, 2));
      else if (verdict.kind === 'intact')
        output.print(
          verdict.entries === 0
            ? 'There is no evidence yet.'
            : `The evidence is what was written: ${groupedCount(verdict.entries)} entries, the last with hash ${verdict.lastHash}.`,
        );
      else
        output.print(
          `The evidence was tampered with at entry ${verdict.number}: ${verdict.explanation}. What comes after it proves nothing.`,
        );
      return verdict.kind === 'intact' ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

/** The highest entry that a break names: without it nobody would miss entries at the end. */
async function lastNamed(connection: Connection): Promise<number> {
  let last = 0;
  for await (const { evidence = 0 } of allBreaks(connection)) last = Math.max(last, evidence);
  return last;
}
