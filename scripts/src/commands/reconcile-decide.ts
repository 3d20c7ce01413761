import { parseArgs } from 'node:util';
import type { KeptBreak } from '@payments/reconcile/ports';
import { type Command, CommandUsageError } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions, openConnection } from './connection.ts';
import { onlyArgument } from './only-argument.ts';
import { findBreak } from './reconcile-cases.ts';
import { invokeReconcile } from './reconcile-functions.ts';

/** So much of an id is enough for `payments reconcile show`. */
const SHORT_ID = 8;

/** `payments reconcile approve`: a person's yes to a patch. */
export const reconcileApprove = decisionCommand('approve', {
  summary: 'say yes to a patch, as somebody other than who proposed it',
  about: `Approves a break's patch. A proposed one is then done at the next run, within a minute; who approves it must not be who
proposed it. A parked one is proposed by the first who approves it, and done when a second person does.`,
});

/** `payments reconcile reject`: a person's no to a proposed patch. */
export const reconcileReject = decisionCommand('reject', {
  summary: 'say no to a proposed patch: the break is parked with its owner',
  about: `Rejects the patch that is proposed for a break. Nothing is booked; the break is parked and waits for its owner.`,
});

function decisionCommand(
  decision: 'approve' | 'reject',
  { summary, about }: { readonly summary: string; readonly about: string },
): Command {
  return {
    name: `reconcile ${decision}`,
    summary,
    help: `payments reconcile ${decision} <breakId> --by <name> --reason <why> [options]

${about}
The stage decides whether the decision is taken, and writes it into the evidence with name and reason.

  --by <name>            who decides, without blanks
  --reason <why>         why, in at most 140 characters; no card number, please
  --json                 the break as it is then
${CONNECTION_HELP}

Example:  payments reconcile ${decision} 3f0e5a6e --by a.jones --reason "agrees with the receipt"`,
    run: async (args, output) => {
      const { values, positionals } = parseArgs({
        args: [...args],
        options: {
          ...CONNECTION_OPTIONS,
          by: { type: 'string' },
          reason: { type: 'string' },
          json: { type: 'boolean' },
        },
        allowPositionals: true,
      });
      const id = onlyArgument(positionals, `${decision} takes the id of one break, or its beginning.`);
      const { by, reason } = values;
      if (by === undefined || reason === undefined)
        throw new CommandUsageError(
          `${decision} takes --by with your name and --reason with why: both are kept as evidence.`,
        );
      const connection = await openConnection(connectionOptions(values));
      try {
        const { breakId } = await findBreak(connection, id);
        await invokeReconcile(connection, 'decide', { breakId, decision, by, reason });
        const kept = await findBreak(connection, breakId);
        output.print(values.json === true ? JSON.stringify(kept, null, 2) : outcomeText(kept));
        return 0;
      } finally {
        await connection.close();
      }
    },
  };
}

/** What the decision has made of the break. */
function outcomeText({ breakId, state, type, owner, decidedBy, proposedBy }: KeptBreak): string {
  const id = `Break ${breakId.slice(0, SHORT_ID)} (${type})`;
  switch (state) {
    case 'PROPOSED':
      return `${id}: proposed by ${proposedBy}. Somebody else approves it: payments reconcile approve ${breakId.slice(0, SHORT_ID)} --by <name> --reason <why>`;
    case 'OPEN':
      return `${id}: approved by ${decidedBy}. It is patched at the next run.`;
    case 'PARKED':
      return `${id}: rejected. It waits for ${owner ?? 'its owner'}.`;
    default:
      return `${id}: ${state}.`;
  }
}
